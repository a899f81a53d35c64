# Induct: `make` lists what can be asked for. The work is done by the scripts in .ci/, which say what they need and why.

SHELL := bash
.DEFAULT_GOAL := help
export CARGO_TARGET_DIR := $(CURDIR)/target
export PATH := $(CURDIR)/target/tools/node/bin:$(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

# What the browser's parts are made of, the islands, the verifier and the script of the matrix; pages, engine and server are no part of them.
BROWSER := $(shell find app/src/islands app/model app/verifier server/engine/audit/src -name '*.rs' -o -name Cargo.toml) app/src/lib.rs app/src/drawing.rs app/Cargo.toml server/engine/audit/Cargo.toml \
	Cargo.toml Cargo.lock rust-toolchain.toml end2end/package-lock.json .ci/browser style/matrix.js
ifeq ($(wildcard target/browser/induct_bg.wasm),)
.PHONY: target/browser.built
endif

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: serve
serve: ## build to try things out, and serve http://127.0.0.1:3000 with demonstration people (ADDR=… for another address)
	@echo "1/4 tools …" >&2
	@.ci/set-up compiler browser-tools
	@echo "2/4 browser part …" >&2
	@$(MAKE) --no-print-directory target/browser.built
	@echo "3/4 server …" >&2
	@cargo build -p server
	@echo "4/4 serving …" >&2
	@.ci/serve

.PHONY: test
test: ## run everything that CI runs: format, lints, Rust tests on SQLite and PostgreSQL, journeys in Chromium
	@.ci/set-up compiler browser-tools chromium postgres
	@.ci/test test

.PHONY: check
check: ## run the fast part of the tests: everything but the journeys
	@.ci/set-up compiler browser-tools postgres
	@.ci/test check

.PHONY: dev
dev: ## build, serve, and do so again whenever code changes; preview content at http://127.0.0.1:3001 (PREVIEW_ADDR=… for another)
	@.ci/set-up compiler browser-tools
	@.ci/dev

.PHONY: bench
bench: dist ## measure what people see often against /healthz, and the size of what the browser loads
	@.ci/set-up wrk sqlite3
	@INDUCT_BIN=target/dist/induct node .ci/bench.mjs

.PHONY: prove
prove: dist ## prove what takes long: deaths at every write, load, crashes, size, random files; the figures go into PROOFS.md
	@.ci/set-up postgres sqlite3
	@INDUCT_TEST_POSTGRES="$$(.ci/postgres url)" INDUCT_BIN=target/dist/induct node .ci/prove.mjs; status=$$?; .ci/postgres stop; exit $$status

.PHONY: dist
dist: ## build what is handed out: the fastest binary, target/dist/induct, which takes some minutes longer
	@.ci/set-up compiler browser-tools
	@$(MAKE) --no-print-directory target/browser.built
	@cargo build --profile dist -p server

.PHONY: audit
audit: ## check licences, sources, known vulnerabilities and unused dependencies, with the tools that are installed
	@.ci/audit

.PHONY: fuzz
fuzz: ## try the readers of content and of GIFT on random files, for a minute each (SECONDS_EACH=… for longer)
	@.ci/set-up compiler
	@.ci/fuzz

.PHONY: browser
browser: target/browser.built ## build only what runs in the browser
	@:

target/browser.built: $(BROWSER)
	@.ci/set-up compiler browser-tools
	@.ci/browser
