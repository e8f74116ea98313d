# Pilcrow. `make help` lists what can be done; README.md says more.
#
# One folder per variant (build/release, build/asan, ...), so that they never mix: `make VARIANT=asan`.
# pkg-config is asked when the first compiler runs, not before: by then it is installed.

VARIANT ?= release
BUILD := build/$(VARIANT)
GEN := build/gen
JOBS ?= $(shell nproc 2>/dev/null || echo 1)
PYTHON := /usr/bin/python3

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share

ifneq ($(filter clang fuzz,$(VARIANT)),)
CC := clang-14
else ifeq ($(origin CC),default)
CC := cc
endif

PACKAGES := libmicrohttpd jansson sqlite3 libutf8proc libsodium zlib libbrotlienc \
	libzstd inih libseccomp gnutls
PACKAGE_CFLAGS = $(eval PACKAGE_CFLAGS := $$(shell pkg-config --cflags $(PACKAGES)))$(PACKAGE_CFLAGS)
PACKAGE_LIBS = $(eval PACKAGE_LIBS := $$(shell pkg-config --libs $(PACKAGES)))$(PACKAGE_LIBS)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wvla $(if $(WERROR),-Werror)

OPTIMISE.release := -O2 -D_FORTIFY_SOURCE=2
OPTIMISE.debug := -Og
OPTIMISE.clang := $(OPTIMISE.release)
OPTIMISE.asan := -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPTIMISE.tsan := -O1 -fsanitize=thread -fno-omit-frame-pointer
OPTIMISE.fuzz := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer
# What clang's analyzer looks at is compiled, too, but never run.
OPTIMISE.scan := -O0
# What counts writes its counts where the sandbox would not let it.
OPTIMISE.coverage := -Og --coverage -fprofile-update=atomic -DPILCROW_IS_INSTRUMENTED

CPPFLAGS += -Iinclude -I$(GEN) -D_GNU_SOURCE
# What is built does not say where: the same sources are the same bytes (`make reproducible`).
CFLAGS += -std=c17 -g $(OPTIMISE.$(VARIANT)) $(WARNINGS) -fstack-protector-strong -fPIE -pthread \
	-ffile-prefix-map=$(CURDIR)=. $(PACKAGE_CFLAGS)
LDFLAGS += -pie -pthread $(filter -fsanitize=% --coverage,$(OPTIMISE.$(VARIANT))) -Wl,-z,relro,-z,now -Wl,--build-id
LDLIBS += $(PACKAGE_LIBS)

SOURCES := $(sort $(wildcard src/*/*.c src/*/*/*.c))
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/%.o)
GENERATED := $(GEN)/sql.def $(GEN)/migrations.def $(GEN)/schemas.def $(GEN)/docs_css.def $(GEN)/assets.def
LIBRARY := $(BUILD)/libpilcrow.a
PROGRAM := $(BUILD)/pilcrow
UNIT_PROGRAMS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
TORTURE_PROGRAMS := $(patsubst tests/torture/%.c,$(BUILD)/torture/%,$(sort $(wildcard tests/torture/test_*.c)))
FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
WIRE_SERVER := $(BUILD)/wire_server
REPLAY_PROGRAMS := $(FUZZ_NAMES:%=$(BUILD)/replay/%)
BENCH_PROGRAMS := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(sort $(wildcard tests/bench/*.c)))
C_FILES := $(sort $(wildcard include/*/*.h include/*/*/*.h src/*/*.[ch] src/*/*/*.[ch] tests/*/*.[ch]))

# `make V=1` shows whole commands.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-4s %s\n' $(1) $@)

# What a check runs against, and where its counts go (see .ci/tally.py).
TALLY ?= /dev/null
export TALLY
export PILCROW := $(abspath $(PROGRAM))
export WIRE_SERVER_PROGRAM := $(abspath $(WIRE_SERVER))
export ARTICLE_DUMP := $(abspath $(BUILD)/article_dump)
export PYTHONDONTWRITEBYTECODE := 1
export ASAN_OPTIONS := detect_leaks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS := print_stacktrace=1
export TSAN_OPTIONS := halt_on_error=1:exitcode=66
suite = @$(PYTHON) .ci/tally.py run $(TALLY) $(1)$(if $(filter-out release,$(VARIANT)),.$(VARIANT))
pytest = $(PYTHON) -m pytest -q -p no:cacheprovider

all: $(PROGRAM) ## build the program: build/release/pilcrow (VARIANT=debug|asan|tsan|clang)
	@:

$(PROGRAM): $(BUILD)/entry/main.o $(LIBRARY)
	$(call say,LINK)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIBRARY): $(filter-out %/main.o,$(OBJECTS))
	$(call say,AR)
	$(Q)rm -f $@ && ar rcs $@ $^

# The generated files are made first; which objects depend on them is in the .d files.
$(BUILD)/%.o: src/%.c Makefile | $(GENERATED)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(GEN)/sql.def: db/embed.awk $(sort $(wildcard db/sqlite/*.sql))
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)awk -f db/embed.awk $(filter %.sql,$^) > $@.new && mv $@.new $@

$(GEN)/migrations.def: db/embed_migrations.awk $(sort $(wildcard db/sqlite/migrations/*.sql))
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)awk -f db/embed_migrations.awk $(filter %.sql,$^) > $@.new && mv $@.new $@

$(GEN)/schemas.def: src/surface/openapi/embed.awk $(sort $(wildcard src/surface/openapi/schemas/*.json))
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)awk -f src/surface/openapi/embed.awk $(filter %.json,$^) > $@.new && mv $@.new $@

$(GEN)/docs_css.def: src/surface/openapi/embed_text.awk src/surface/openapi/docs.css
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)awk -f src/surface/openapi/embed_text.awk src/surface/openapi/docs.css > $@.new && mv $@.new $@

$(GEN)/assets.def: src/surface/reader/embed.sh $(sort $(wildcard $(addprefix src/surface/reader/*.,css js svg)))
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)src/surface/reader/embed.sh $(filter-out %.sh,$^) > $@.new && mv $@.new $@

# --- run -------------------------------------------------------------------------------------------

DB ?= build/run/pilcrow.db
LISTEN ?= 127.0.0.1:8080

run: ## serve the sample articles (DB=FILE, LISTEN=ADDR:PORT); installs what is missing
	@.ci/require.sh build
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@$(MAKE) --no-print-directory serve

# Samples go into the database of its own only: a DB that you name is served as it is.
serve: $(PROGRAM)
	@mkdir -p $(dir $(DB))
ifeq ($(origin DB),file)
	@$(PROGRAM) import --db $(DB) db/samples
endif
	@echo "Serving $(DB): open http://$(LISTEN)/ in a browser, or try  curl '$(LISTEN)/v1/articles?pretty=1'"
	@exec $(PROGRAM) serve --db $(DB) --listen $(LISTEN)

# --- test ------------------------------------------------------------------------------------------

test: ## everything that is checked, in under 20 minutes; installs what is missing
	@.ci/require.sh build test analyze coverage
	@$(MAKE) --no-print-directory test-all TALLY=build/tally.txt WERROR=1

# Each line goes on whatever the one before found; the sum at the end says how it went. Suites go
# three at a time, the longest rows of them first: those of the wire wait for deadlines more than they work.
test-all:
	@mkdir -p build && rm -f $(TALLY)
	-@$(MAKE) --no-print-directory check-build
	-@$(MAKE) --no-print-directory check-build VARIANT=clang
	-@$(MAKE) --no-print-directory check-build VARIANT=asan
	-@$(MAKE) --no-print-directory check-build VARIANT=tsan
	-@$(MAKE) --no-print-directory check-build VARIANT=coverage
	-@$(MAKE) --no-print-directory -k -j3 -Otarget asan tsan check scan-build check-coverage tidy cppcheck
	@$(PYTHON) .ci/tally.py sum $(TALLY)

check: lint check-unit check-sql check-http check-wire check-cli check-corpus check-feeds check-proxy check-reader check-torture ## all checks of one variant

asan: ## the same checks and the fuzz corpus under AddressSanitizer and UBSan
	@$(MAKE) --no-print-directory -k VARIANT=asan check-unit check-http check-wire check-cli check-torture fuzz-replay

tsan: ## the server's checks under ThreadSanitizer
	@$(MAKE) --no-print-directory -k VARIANT=tsan check-http check-wire

coverage: ## branches that unit, http and cli tests reach, against what is asked for (about 4 minutes)
	@.ci/require.sh build test coverage
	@$(MAKE) --no-print-directory check-build VARIANT=coverage
	@$(MAKE) --no-print-directory -k -j3 -Otarget check-coverage

# A suite that fails is counted as such; the sum is of what was reached nevertheless. Without those of the wire: they wait
# for deadlines, and what they alone reach is half a point.
check-coverage:
	@mkdir -p build/coverage && find build/coverage -name '*.gcda' -delete
	-@$(MAKE) --no-print-directory -k VARIANT=coverage check-unit check-http check-cli
	$(call suite,coverage) sh -c 'gcovr --root . --object-directory build/coverage --filter src/ \
		--exclude-unreachable-branches --json-summary build/coverage/summary.json build/coverage && \
		$(PYTHON) .ci/coverage.py build/coverage/summary.json'

# Built by a make of its own, so that what the compiler says is counted as a check.
check-build: ## build program, unit tests and replay programs without a warning
	$(call suite,build) sh -c '$(MAKE) --no-print-directory -j$(JOBS) VARIANT=$(VARIANT) WERROR=1 everything && \
		echo "ok - $(VARIANT) builds without a warning"'

everything: $(PROGRAM) $(WIRE_SERVER) $(ARTICLE_DUMP) $(UNIT_PROGRAMS) $(REPLAY_PROGRAMS) $(TORTURE_PROGRAMS)

check-unit: $(UNIT_PROGRAMS) ## the rooms without a socket
	$(call suite,unit) sh -c 'status=0; for t in $(UNIT_PROGRAMS); do $$t || status=1; done; exit $$status'

# What asks one thing after another finds no race, and is slow under a sanitizer of threads; what compares many answers
# reaches no branch that one does not.
chosen.http.coverage := -k "not brute_force and not put_together and not long_body"
chosen.http.tsan := -k "not brute_force and not put_together and not long_body and not every_operation" \
	--deselect tests/http/test_cases.py::test_case

check-wire: $(WIRE_SERVER)
check-http check-wire check-cli check-sql check-corpus check-feeds check-proxy: check-%: $(PROGRAM)
	$(call suite,$*) $(pytest) $(chosen.$*.$(VARIANT)) tests/$*

check-http: ## answers, as cases in text
check-wire: ## raw sockets: framing, limits, deadlines, drain
check-cli: ## commands, settings, bad input
check-sql: ## every statement's query plan
check-proxy: ## behind the proxies that are installed: nobody gets an answer of somebody else's
check-feeds: ## feeds by grammar (xmllint), validators (npm), in a reader (newsboat) and over the whole corpus, where these are there
check-corpus: ## the whole of ../shared/corpus against its truth, where it is there

# What the parser makes of a file, for the tests of the corpus.
check-corpus: $(ARTICLE_DUMP)
$(ARTICLE_DUMP): tests/corpus/article_dump.c

# The wire over a serve() of its own, for the tests of the sockets.
$(WIRE_SERVER): tests/wire/wire_server.c tests/wire/wire_kept.c

$(ARTICLE_DUMP) $(WIRE_SERVER): $(LIBRARY) Makefile
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $(filter %.c,$^) $(LIBRARY) $(LDLIBS)

# These let allocation fail, or count calls, when they say so.
$(BUILD)/unit/test_render $(BUILD)/unit/test_reply: private LDFLAGS += -Wl,--wrap=realloc
$(BUILD)/unit/test_tokens: private LDFLAGS += -Wl,--wrap=hash_digest_equal
$(BUILD)/unit/test_cache $(BUILD)/unit/test_compress: private LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc
$(BUILD)/unit/test_compress: private LDLIBS += -lbrotlidec
$(BUILD)/unit/test_store_memory $(BUILD)/unit/test_memory_routes $(BUILD)/torture/test_memory_writes: private LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc

$(BUILD)/unit/%: tests/unit/%.c $(LIBRARY) Makefile
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< $(LIBRARY) $(LDLIBS) -lcmocka

# --- torture ---------------------------------------------------------------------------------------

# How often, and for the short form what stands for it. EVERY=7 takes every seventh point of failure.
KILLS ?= 1000
CUTS ?= 1000
CAS ?= 100000
COMMITS ?= 100000
QUERIES ?= 1000000
EVERY ?= 1
torture_short := KILLS=8 CUTS=100 CAS=1500 COMMITS=1000 QUERIES=20000 EVERY=11

# A sanitizer's run-time wants to be loaded first itself.
export SYNC_FAILS := $(if $(filter asan tsan,$(VARIANT)),,$(abspath $(BUILD)/torture/sync_fails.so))

check-torture: $(PROGRAM) $(TORTURE_PROGRAMS) $(BUILD)/torture/sync_fails.so ## failing disks, power cuts, kills, lost updates: the short form
	$(call suite,torture) env $(torture_short) tests/torture/run.sh $(TORTURE_PROGRAMS)

torture: ## the same, long: KILLS=1000 CUTS=1000 CAS=100000 COMMITS=100000 QUERIES=1000000 EVERY=1
	@.ci/require.sh build test
	@$(MAKE) --no-print-directory -j$(JOBS) $(PROGRAM) $(TORTURE_PROGRAMS) $(BUILD)/torture/sync_fails.so
	$(call suite,torture) env KILLS=$(KILLS) CUTS=$(CUTS) CAS=$(CAS) COMMITS=$(COMMITS) QUERIES=$(QUERIES) EVERY=$(EVERY) \
		tests/torture/run.sh $(TORTURE_PROGRAMS)

proxy-test: ## the same behind all: nginx, haproxy, Apache, lighttpd, Varnish; installs what is missing
	@.ci/require.sh build test proxy
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@$(MAKE) --no-print-directory check-proxy

READS ?= 1000000
endurance: $(PROGRAM) ## reads beside writes, every answer checked: READS=1000000
	READS=$(READS) $(pytest) -s tests/http/test_cached.py

$(BUILD)/torture/%.so: tests/torture/%.c Makefile
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) -D_GNU_SOURCE -std=c17 -g -O2 $(WARNINGS) -shared -fPIC -o $@ $< -ldl

$(BUILD)/torture/%: tests/torture/%.c tests/torture/disk.c tests/torture/disk_image.c $(LIBRARY) Makefile
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $(filter %.c,$^) $(LIBRARY) $(LDLIBS) -lcmocka

# --- style -----------------------------------------------------------------------------------------

lint: $(PROGRAM) ## floors, lengths, names, third-party rooms, README tables, format
	$(call suite,lint) sh -c '$(PYTHON) tests/lint/lint.py; status=$$?; $(pytest) tests/lint && exit $$status'

# Quiet about what it suppressed; each file that passes is one check.
tidy: $(GENERATED) ## clang-tidy over the program
	$(call suite,tidy) sh -c 'printf "%s\n" $(SOURCES) | xargs -P$(JOBS) -I@ sh -c \
		"clang-tidy-14 --quiet @ -- -std=c17 $(CPPFLAGS) $(PACKAGE_CFLAGS) 2>/dev/null && echo \"ok - tidy @\" || \
		{ echo \"not ok - tidy @\"; exit 1; }"'

check-reader: $(PROGRAM) ## the reader in Chromium, and a frontend on another origin (needs npm, once)
	$(call suite,reader) tests/reader/run.sh $(abspath $(PROGRAM)) build/reader

analyze: ## cppcheck and scan-build (clang's analyzer) over the program
	@.ci/require.sh build analyze
	@$(MAKE) --no-print-directory -k cppcheck scan-build

# NULL ends lists of arguments, which POSIX makes a pointer; a DIR that nobody shares may be read with readdir(). That a
# value is set when a problem is none, it does not follow: gcc, clang's analyzer and UBSan do.
cppcheck: $(GENERATED)
	$(call suite,cppcheck) sh -c 'cppcheck --enable=warning,performance,portability --inline-suppr --std=c11 --language=c \
		--quiet --error-exitcode=1 --suppress=varFuncNullUB --suppress=readdirCalled --suppress=uninitvar \
		--suppress=legacyUninitvar --suppress=leakReturnValNotUsed:src/entry/main.c \
		--suppress=nullPointerRedundantCheck:src/engine/service.c \
		--suppress=unknownMacro:src/surface/openapi/openapi_page_operation.c --library=posix,gnu \
		-D_GNU_SOURCE -D__linux__ -Iinclude -I$(GEN) -j$(JOBS) src && echo "ok - cppcheck finds nothing"'

# Looks at what is compiled, so all of it is compiled anew, by a make that is not told a compiler of its own. Beside the
# usual checkers: what is known to be misused.
scan_checkers := security.FloatLoopCounter security.insecureAPI.bcmp security.insecureAPI.bcopy security.insecureAPI.bzero \
	security.insecureAPI.rand security.insecureAPI.strcpy optin.portability.UnixAPI valist.CopyToSelf valist.Unterminated
scan-build: $(GENERATED)
	@rm -rf build/scan
	$(call suite,scan-build) sh -c 'scan-build-14 --use-analyzer=$$(command -v clang-14) --use-cc=cc --status-bugs \
		-o build/scan/reports $(scan_checkers:%=-enable-checker %) env -u MAKEFLAGS $(MAKE) --no-print-directory -j$(JOBS) \
		VARIANT=scan all && \
		echo "ok - scan-build finds nothing"'

lint-openapi: $(PROGRAM) ## spectral, redocly and openapi-typescript over /openapi.json (needs npm)
	.ci/lint_openapi.sh $(abspath $(PROGRAM)) build/openapi

format: ## write every C file in the house style
	clang-format-14 -i $(C_FILES)

docs: $(PROGRAM) ## write the tables in README.md anew
	$(PYTHON) tests/lint/readme.py --write $(PROGRAM) README.md

# --- fuzz and bench --------------------------------------------------------------------------------

S ?= 60
fuzz: ## look for new inputs: T=target S=seconds
	@.ci/require.sh build fuzz
	@$(MAKE) --no-print-directory -j$(JOBS) VARIANT=fuzz fuzz-one

fuzz-one: $(if $(T),build/fuzz/run/$(T),fuzz-name)
	@mkdir -p build/fuzz/found/$(T) tests/fuzz/corpus/$(T)
	build/fuzz/run/$(T) -max_total_time=$(S) -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix=build/fuzz/found/$(T)- build/fuzz/found/$(T) tests/fuzz/corpus/$(T)

fuzz-name:
	@echo "Which one? make fuzz T=NAME, NAME one of: $(FUZZ_NAMES)" >&2; exit 2

build/fuzz/run/%: tests/fuzz/fuzz_%.c $(LIBRARY) Makefile
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -MMD -MP -o $@ $< $(LIBRARY) $(LDLIBS)

fuzz-replay: $(REPLAY_PROGRAMS) ## run every kept input through its fuzz target
	$(call suite,fuzz-replay) sh -c 'status=0; for name in $(FUZZ_NAMES); do \
		$(BUILD)/replay/$$name tests/fuzz/corpus/$$name tests/fuzz/regress/$$name || status=1; done; exit $$status'

$(BUILD)/replay/%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(LIBRARY) Makefile
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $(filter %.c,$^) $(LIBRARY) $(LDLIBS)

bench: ## rates beside a bare libmicrohttpd, nginx and Fastify, memory, start: one table
	@.ci/require.sh build bench
	@$(MAKE) --no-print-directory -j$(JOBS) bench-programs
	$(PYTHON) tests/bench/bench.py

bench-programs: $(PROGRAM) $(BENCH_PROGRAMS)

$(BUILD)/bench/serve_cost: LDFLAGS += $(foreach name,store_begin store_end store_seq store_query rows_next \
	rows_end render_write,-Wl,--wrap=$(name))

$(BUILD)/bench/write_rate: LDFLAGS += $(foreach name,store_run store_int store_query store_commit,-Wl,--wrap=$(name))

$(BUILD)/bench/%: tests/bench/%.c $(LIBRARY) Makefile
	@mkdir -p $(@D)
	$(call say,LINK)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< $(LIBRARY) $(LDLIBS)

# --- install ---------------------------------------------------------------------------------------

$(BUILD)/pilcrow.1: $(PROGRAM) .ci/manual.sh
	$(call say,GEN)
	$(Q).ci/manual.sh $(PROGRAM) > $@

install: $(PROGRAM) $(BUILD)/pilcrow.1 ## program, manual page, samples (PREFIX=, DESTDIR=)
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(BINDIR)/pilcrow
	install -D -m 644 $(BUILD)/pilcrow.1 $(DESTDIR)$(MANDIR)/man1/pilcrow.1
	install -d $(DESTDIR)$(DATADIR)/pilcrow/samples
	install -m 644 db/samples/*.txt $(DESTDIR)$(DATADIR)/pilcrow/samples

uninstall: ## remove what install wrote
	rm -f $(DESTDIR)$(BINDIR)/pilcrow $(DESTDIR)$(MANDIR)/man1/pilcrow.1
	rm -rf $(DESTDIR)$(DATADIR)/pilcrow

# --- packages --------------------------------------------------------------------------------------

# Compiled twice, each file anew, so not a part of `make test`.
reproducible: ## build twice, elsewhere and at another time: the same bytes?
	@.ci/require.sh build
	$(call suite,reproducible) .ci/reproducible.sh build/reproducible

deb: ## the Debian package, in build/deb; lintian finds nothing
	@.ci/require.sh build deb
	.ci/deb.sh build/deb

# These two need root and a Debian mirror, and say so where these are missing.
deb-test: ## install, run, upgrade, remove and purge it in a clean Debian
	@.ci/require.sh test deb
	@$(MAKE) --no-print-directory deb
	$(call suite,deb) $(pytest) -rs tests/package/test_deb.py

image-test: ## build the container and run it: read-only, without privileges, over HTTP
	@.ci/require.sh test image
	$(call suite,image) $(pytest) -rs -s tests/package/test_image.py

clean: ## remove what was built
	rm -rf build

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: all run serve test test-all check asan tsan coverage check-coverage analyze cppcheck scan-build check-build everything check-unit check-http \
	check-wire check-cli check-sql check-corpus check-feeds check-proxy proxy-test check-reader check-torture torture endurance lint lint-openapi tidy format docs fuzz fuzz-one fuzz-name fuzz-replay bench \
	bench-programs install uninstall reproducible deb deb-test image-test clean help
.DELETE_ON_ERROR:
.SECONDARY:
-include $(OBJECTS:.o=.d) $(WIRE_SERVER).d $(UNIT_PROGRAMS:=.d) $(TORTURE_PROGRAMS:=.d) $(REPLAY_PROGRAMS:=.d) $(BENCH_PROGRAMS:=.d)
