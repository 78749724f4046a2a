# Login Lab. `make` lists what can be made.

.DEFAULT_GOAL := help
.PHONY: help run build dev check lint test e2e engines schema-test bench clean

# One place for everything built, whatever the shell says.
export CARGO_TARGET_DIR := $(CURDIR)/target

# Each puts the tools that it needs on PATH, and installs those that are missing.
BUILD := scripts/with-tools.sh build
RUST := scripts/with-tools.sh rust

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: build ## Build, and start the server with a Redis and a memcached of its own; ARGS="--addr 127.0.0.1:4000" passes settings
	@exec scripts/run.sh $(ARGS)

build: ## Build the server and the page: target/release/login-lab, target/site
	@scripts/build.sh

dev: ## Build for development, start, and build again at every change
	@$(BUILD) cargo leptos watch --split

check: lint ## The quick part of the tests: formatting, clippy, unit tests
	@scripts/servers.sh
	$(RUST) cargo test --workspace --lib --bins --quiet

lint: ## Formatting and clippy
	$(RUST) cargo fmt --all --check
	$(RUST) cargo clippy --workspace --all-targets -- -D warnings
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

schema-test: ## Hold the server to its OpenAPI description with schemathesis; ARGS="--seed 7 --max-examples 100" passes options
	@scripts/schema-test.sh $(ARGS)

bench: ## How long each store takes for each operation
	@scripts/servers.sh
	@$(RUST) cargo bench --quiet -p server --bench stores

end2end/node_modules: end2end/package-lock.json
	@echo 'Installing the npm packages of the end-to-end tests ...'
	@cd end2end && npm ci --silent
	@touch $@

clean: ## Remove everything built; the tools in the cache stay
	rm -rf target end2end/node_modules end2end/test-results
