# Login Lab. `make` lists what can be made.

.DEFAULT_GOAL := help
.PHONY: help run cluster build dev check lint test e2e engines proxy tls schema-test bench fuzz faults soak sizes sbom clean

# One place for everything built, whatever the shell says.
export CARGO_TARGET_DIR := $(CURDIR)/target
# What is tested is what `build` makes, also where a build for development is newer.
export LOGIN_LAB_BIN ?= $(CARGO_TARGET_DIR)/release/login-lab

# Each puts the tools that it needs on PATH, and installs those that are missing.
BUILD := scripts/with-tools.sh build
RUST := scripts/with-tools.sh rust

# axum's peers of `make bench`, a workspace of their own, built beside ours.
PEERS := bench/peers/rust/Cargo.toml
# The empty page beside ours, another one.
EMPTY := bench/empty
EMPTY_SITE = $(CARGO_TARGET_DIR)/bench/empty
BESIDE := CARGO_TARGET_DIR=$(CARGO_TARGET_DIR)/bench

# How long `make fuzz` takes a target.
SECONDS := 20
# How many requests `make faults` makes, and how long `make soak` takes.
REQUESTS := 1000000
MINUTES := 10

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: build ## Build, and start the server with a Redis and a memcached of its own; ARGS="--addr 127.0.0.1:4000" passes settings
	@exec scripts/run.sh $(ARGS)

cluster: build ## Build, and start three servers behind HAProxy, each lab on one of them; ARGS="--lab-idle 600" passes settings
	@scripts/proxy.sh
	@exec scripts/cluster.sh $(ARGS)

build: ## Build the server and the page: target/release/login-lab, target/site
	@scripts/build.sh

dev: ## Build for development, start, and build again at every change
	@$(BUILD) cargo leptos watch --split

check: lint ## The quick part of the tests: formatting, clippy, unit tests
	@scripts/servers.sh
	$(RUST) cargo test --workspace --lib --bins --quiet

lint: ## Formatting and clippy
	$(RUST) cargo fmt --all --check
	$(RUST) cargo fmt --manifest-path $(PEERS) --check
	@# No clippy: it would build Leptos once more, for one function.
	$(RUST) cargo fmt --manifest-path $(EMPTY)/Cargo.toml --check
	$(RUST) cargo clippy --workspace --all-targets --features server/measuring -- -D warnings
	$(BESIDE) $(RUST) cargo clippy --locked --manifest-path $(PEERS) --all-targets -- -D warnings
	$(RUST) cargo clippy -p domain -p app --target wasm32-unknown-unknown --features app/hydrate -- -D warnings

test: ## Everything: lint, Rust tests, licences, documentation, build, end-to-end tests
	@scripts/test.sh

e2e: build end2end/node_modules ## Build, and run the end-to-end tests in Chromium; ARGS="--ui" passes options
	@scripts/servers.sh
	@cd end2end && npm run --silent check && npm run --silent browser
	@cd end2end && npx playwright test $(ARGS)

engines: build end2end/node_modules ## Run the browser's experiments in Chromium, Firefox and WebKitGTK; writes docs/engines.md
	@scripts/engines.sh
	@cd end2end && npm run --silent browser
	@scripts/with-tools.sh engines node end2end/engines.mjs --write docs/engines.md

proxy: build ## Hold the configurations of HAProxy against real processes; writes docs/strategies.md
	@scripts/proxy.sh
	@node --test --test-reporter=spec deploy/haproxy.test.mjs
	@node --test-reporter=spec deploy/strategies.test.mjs --write docs/strategies.md

tls: build end2end/node_modules deploy/observatory/node_modules ## The end-to-end tests behind HAProxy that ends TLS, and the HTTP Observatory's word; ARGS="specs/tls.spec.ts" passes options
	@scripts/servers.sh
	@scripts/proxy.sh
	@node --test-reporter=spec deploy/tls.test.mjs
	@node --test-reporter=spec deploy/observatory.test.mjs --write docs/reliability.md
	@cd end2end && npm run --silent check && npm run --silent browser
	@cd end2end && LOGIN_LAB_TLS=1 npx playwright test $(ARGS)

schema-test: ## Hold the server to its OpenAPI description with schemathesis; ARGS="--seed 7 --max-examples 100" passes options
	@scripts/schema-test.sh $(ARGS)

# How many rounds `make bench` takes, and how long one is; fewer are for a quick look.
ROUNDS := 5
bench: SECONDS := 2
bench: build bench/peers/node/node_modules bench/page/node_modules end2end/node_modules ## What each choice costs, beside peers, against a goal for each line; ROUNDS=2 SECONDS=1 is a quick look, ARGS="--only crowd" takes that part; writes docs/performance.md
	@scripts/servers.sh
	@scripts/load.sh
	@$(BESIDE) $(RUST) cargo build --quiet --release --locked --manifest-path $(PEERS)
	@# The name as cargo-leptos sets it, so that what both need is not built once more.
	@LEPTOS_OUTPUT_NAME=login-lab $(RUST) cargo build --quiet --release --no-default-features --features measuring -p server --bin lookups
	@LEPTOS_OUTPUT_NAME=login-lab $(RUST) cargo bench --quiet -p server --bench stores
	@cd $(EMPTY) && $(BESIDE) LEPTOS_SITE_ROOT=$(EMPTY_SITE) $(CURDIR)/$(BUILD) cargo leptos build --release --frontend-only --cargo-locked
	@$(BUILD) node scripts/pack.mjs $(EMPTY_SITE)
	@cd end2end && npm run --silent browser
	@node bench/bench.mjs --rounds $(ROUNDS) --seconds $(SECONDS) --write docs/performance.md $(ARGS)

fuzz: ## Fuzz what reads requests, 20 s a target; SECONDS=300 goes on for longer, TARGETS="mask curl" takes those
	@scripts/fuzz.sh $(SECONDS) $(TARGETS)

faults: build ## Break one thing after the other under load; REQUESTS=200000 is quicker; writes docs/reliability.md
	@scripts/servers.sh
	@scripts/proxy.sh
	@REQUESTS=$(REQUESTS) node reliability/faults.mjs --write docs/reliability.md $(ARGS)

soak: build ## Use one process for long, and see whether it leaks; MINUTES=60 goes on for longer; writes docs/reliability.md
	@scripts/servers.sh
	@MINUTES=$(MINUTES) node reliability/soak.mjs --write docs/reliability.md

sizes: build ## How much memory 10,000 labs and 2,000 event streams take; writes docs/reliability.md
	@node reliability/sizes.mjs --write docs/reliability.md

sbom: ## List what it all is made from (CycloneDX): target/sbom
	@scripts/sbom.sh

end2end/node_modules: end2end/package-lock.json
	@echo 'Installing the npm packages of the end-to-end tests ...'
	@cd end2end && npm ci --silent
	@touch $@

# A part of the package, and none of its scripts: deploy/observatory/.npmrc.
deploy/observatory/node_modules: deploy/observatory/package-lock.json
	@echo "Installing MDN's HTTP Observatory ..."
	@cd deploy/observatory && npm ci --silent
	@touch $@

bench/peers/node/node_modules: bench/peers/node/package-lock.json
	@echo 'Installing Express and what goes with it ...'
	@cd bench/peers/node && npm ci --silent
	@touch $@

# Lighthouse alone: its report is read, nothing else of it is used.
bench/page/node_modules: bench/page/package-lock.json
	@echo 'Installing Lighthouse ...'
	@cd bench/page && npm ci --silent
	@touch $@

clean: ## Remove everything built; the tools in the cache stay
	rm -rf target end2end/node_modules end2end/test-results deploy/observatory/node_modules bench/peers/node/node_modules bench/page/node_modules
