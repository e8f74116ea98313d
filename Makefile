# Pilcrow. `make help` lists what can be done.

VARIANT ?= release
BUILD := build/$(VARIANT)
GEN := build/gen

CC ?= cc
PACKAGES := libmicrohttpd jansson sqlite3 libutf8proc libsodium
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wformat=2 -Wvla $(if $(WERROR),-Werror)

OPTIMISE.release := -O2 -D_FORTIFY_SOURCE=2
OPTIMISE.debug := -Og
OPTIMISE.asan := -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPTIMISE.tsan := -O1 -fsanitize=thread -fno-omit-frame-pointer

CPPFLAGS += -Iinclude -I$(GEN) -D_GNU_SOURCE
CFLAGS += -std=c17 -g $(OPTIMISE.$(VARIANT)) $(WARNINGS) -fstack-protector-strong -fPIE -pthread \
	$(shell pkg-config --cflags $(PACKAGES))
LDFLAGS += -pie -pthread $(filter -fsanitize=%,$(OPTIMISE.$(VARIANT))) -Wl,-z,relro,-z,now
LDLIBS += $(shell pkg-config --libs $(PACKAGES))

SOURCES := $(wildcard src/*/*.c)
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/%.o)
LIBRARY := $(BUILD)/libpilcrow.a
PROGRAM := $(BUILD)/pilcrow
UNIT_SOURCES := $(wildcard tests/unit/test_*.c)
UNIT_PROGRAMS := $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/unit/%)

all: $(PROGRAM) ## build build/release/pilcrow

$(PROGRAM): $(BUILD)/entry/main.o $(LIBRARY)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIBRARY): $(filter-out %/main.o,$(OBJECTS))
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/%.o: src/%.c $(GEN)/sql.def $(GEN)/migrations.def
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(GEN)/sql.def: $(sort $(wildcard db/sqlite/*.sql)) db/embed.awk
	@mkdir -p $(@D)
	awk -f db/embed.awk $(filter %.sql,$^) > $@.new && mv $@.new $@

$(GEN)/migrations.def: $(sort $(wildcard db/sqlite/migrations/*.sql)) db/embed_migrations.awk
	@mkdir -p $(@D)
	awk -f db/embed_migrations.awk $(filter %.sql,$^) > $@.new && mv $@.new $@

$(BUILD)/unit/%: tests/unit/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) $(LDFLAGS) -MMD -MP -o $@ $< $(LIBRARY) $(LDLIBS) -lcmocka

check-unit: $(UNIT_PROGRAMS) ## run the unit tests
	@for t in $(UNIT_PROGRAMS); do $$t || exit 1; done

clean: ## remove what was built
	rm -rf build

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: all check-unit clean help
-include $(OBJECTS:.o=.d) $(UNIT_PROGRAMS:=.d)
