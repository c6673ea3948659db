// Evaluates workflow files as GitHub does, with GitHub's own parser and expression engine.
//
// Each line of stdin: {"name", "content", "contexts": {...}, "outcomes": {JOB: {"result", "outputs"}}}
// Each line of stdout: {"errors", "name", "jobs": {JOB: {"state", "needs", "instances": [...]}}}
//
// A job whose condition holds ends as "outcomes" says (else in success, without outputs); the others
// are skipped. "instances" are the jobs of its matrix, with the values of runs-on, concurrency, with
// and uses.
import { register } from "node:module";
import { createInterface } from "node:readline";

// The parser imports JSON without saying so, which Node wants to be told.
const loader = `export const load = (url, context, next) =>
  next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);`;
register(`data:text/javascript,${encodeURIComponent(loader)}`);
const { data, Evaluator, Lexer, Parser } = await import("@actions/expressions");
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import(
  "@actions/workflow-parser"
);

const FAILED = new Set(["failure", "cancelled"]);

function statusFunctions(results) {
  const say = (name, truth) => [
    name,
    { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(truth) },
  ];
  return new Map([
    say("always", true),
    say("cancelled", false),
    say("failure", results.some((result) => FAILED.has(result))),
    say("success", results.every((result) => result === "success")),
  ]);
}

function evaluate(expression, contexts, results = []) {
  const functions = statusFunctions(results);
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(contexts), [...functions.values()]).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver);
  return new Evaluator(tree, known, functions).evaluate();
}

const plain = (value) => JSON.parse(JSON.stringify(value, data.replacer));
const truthy = (value) => ![false, null, "", 0].includes(plain(value));

function evaluateToken(token, contexts) {
  if (token === undefined || token === null) return null;
  if (token.isExpression) return plain(evaluate(token.expression, contexts));
  if (typeof token.value === "string") return token.value;
  const json = token.toJSON();
  if (token.templateTokenType === 1) {
    return Array.from({ length: token.count }, (_, i) => evaluateToken(token.get(i), contexts));
  }
  if (token.templateTokenType === 2) {
    return Object.fromEntries(
      Array.from({ length: token.count }, (_, i) => token.get(i)).map(({ key, value }) => [
        key.toString(),
        evaluateToken(value, contexts),
      ]),
    );
  }
  return json;
}

function find(root, name) {
  for (let i = 0; i < root.count; i++) {
    if (root.get(i).key.toString() === name) return root.get(i).value;
  }
  return null;
}

// The jobs of a matrix of lists, or the one job without a matrix.
function instances(own, known) {
  const matrix = evaluateToken(find(own, "strategy"), known)?.matrix ?? {};
  const combinations = Object.entries(matrix).reduce(
    (found, [key, values]) =>
      found.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))),
    [{}],
  );
  return combinations.map((one) => {
    const value = (key) => evaluateToken(find(own, key), { ...known, matrix: one });
    return Object.fromEntries(
      ["runs-on", "concurrency", "with", "uses"].map((key) => [key, value(key)]),
    );
  });
}

async function run({ name, content, contexts, outcomes }) {
  const parsed = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const template = await convertWorkflowTemplate(parsed.context, parsed.value);
  const errors = parsed.context.errors.getErrors().map((error) => error.message);
  if (errors.length) return { errors };
  const jobs = {};
  for (const job of template.jobs) {
    const needs = (job.needs ?? []).map((need) => need.value);
    const states = Object.fromEntries(needs.map((need) => [need, jobs[need].state]));
    const known = { ...contexts, needs: states };
    const results = needs.map((need) => jobs[need].state.result);
    const holds = truthy(evaluate(job.if.expression, known, results));
    const ends = { result: "success", outputs: {}, ...(outcomes ?? {})[job.id.value] };
    const own = find(find(parsed.value, "jobs"), job.id.value);
    const state = holds ? ends : { result: "skipped", outputs: {} };
    jobs[job.id.value] = { state, needs, instances: holds ? instances(own, known) : [] };
  }
  return { errors, name: evaluateToken(find(parsed.value, "run-name"), contexts), jobs };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await run(JSON.parse(line)))}\n`);
}
