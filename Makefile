# One word for each thing a developer does. `make demo` and `make test` are the two that matter.
SHELL := /bin/bash
CARGO ?= cargo
.DEFAULT_GOAL := help

.PHONY: help demo dev build web test check gen bench audit fmt tools

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: ## build what is missing and start everything: app, sandbox, a lived-in organization
	@scripts/need cargo cc node
	@scripts/web build
	$(CARGO) build --locked --profile demo --bin offhook
	@exec target/demo/offhook demo $(ARGS)

dev: ## the demo on a debug build, the web app with hot reload on http://localhost:5173
	@scripts/need cargo cc node
	@scripts/web install
	$(CARGO) build --locked --bin offhook
	@scripts/dev

build: web ## target/release/offhook with the web app inside
	$(CARGO) build --locked --release --bin offhook

web: ## web/dist
	@scripts/need node
	@scripts/web build

test: ## every check that CI runs; installs what it needs
	@scripts/test

check: ## the quick checks: format, lints, unit tests on SQLite
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	@scripts/cargo-tests
	@scripts/web check

fmt: ## format Rust and TypeScript
	$(CARGO) fmt --all
	@scripts/web fmt

gen: ## web/openapi.json from the Rust types, then the web app's types from it
	$(CARGO) run --locked --quiet --bin offhook -- openapi > web/openapi.json.new && mv web/openapi.json.new web/openapi.json
	@scripts/web gen

bench: ## the figures, as a table, with peers in the same run
	@scripts/need cargo cc node
	@bench/run $(ARGS)

audit: ## licences, duplicate and unused dependencies, known vulnerabilities (needs cargo-deny)
	@$(CARGO) deny --version >/dev/null 2>&1 || { echo "cargo-deny is missing: cargo install --locked cargo-deny"; exit 1; }
	$(CARGO) deny check
	cd web && npm audit --omit=dev

tools: ## install from the system's packages what the tests use
	@scripts/tools
