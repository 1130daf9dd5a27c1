# Everything a person types.
#   make run      build and start the server, no configuration needed
#   make test     everything that must hold, on the databases and with foreign clients
#   make check    format, lints, licences, the shape of the tree: seconds after a build

MAGPIE := target/release/magpie
.PHONY: run build release test check unit web budgets mutant interop kill bench fuzz docs advisories clean

run: build
	$(MAGPIE) serve

build:
	@scripts/install.sh build
	@scripts/web.sh
	cargo build --release --locked -p magpie

# The server and its load generator, built together so that what both use is built once.
release:
	@scripts/install.sh build
	@scripts/web.sh
	cargo build --release --locked -p magpie -p magpie-bench

test: check unit release
	scripts/test-web.sh
	scripts/test-servers.sh

check:
	@scripts/install.sh build
	cargo fmt --all -- --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo test --workspace --locked --test tidy --bins

unit:
	scripts/test-units.sh

# The messenger and the client SDK: types, rules, the SDK against the release binary, sizes.
web: build
	scripts/test-web.sh

# What a person waits for in the browser, against the budgets; on a machine that does nothing else.
budgets: release
	@scripts/install.sh web
	cd web && npx vitest run --root e2e/budgets

interop: build
	scripts/interop.sh

kill: release
	scripts/kill.sh --kills $(or $(KILLS),100)

# A server that acknowledges before it commits must be caught by `kill`.
mutant:
	scripts/mutant.sh

bench: release
	scripts/bench.sh

fuzz:
	cargo run --release --locked -p magpie-xmpp --example differential -- --seconds $(or $(SECONDS),600)

docs: build
	$(MAGPIE) reference xeps > docs/xeps.md
	$(MAGPIE) reference config > docs/config.md
	$(MAGPIE) reference example > magpie.example.toml

advisories:
	@command -v cargo-deny >/dev/null || cargo install --locked cargo-deny
	cargo deny check advisories

clean:
	cargo clean
	rm -rf .cache
