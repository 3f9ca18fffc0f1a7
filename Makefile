# `make` builds the compiler; `make demo` shows it; `make test` runs every check there is.
# Set-up is part of each: Debian's packages, and the Erlang/OTP releases under .otp/.

BEAMRC := target/release/beamrc
CARGO ?= cargo

.NOTPARALLEL:
.PHONY: all setup test checks programs demo bench soak otp-suites clean

all:
	$(CARGO) build --release --bin beamrc

# OTP 27 is what is compiled in by default; 25 and 29 are the ends of the supported range.
setup:
	tests/setup/packages.sh tests
	for release in 27 29 25; do tests/setup/otp.sh $$release .otp/$$release & jobs="$$jobs $$!"; done; \
	for job in $$jobs; do wait $$job || exit; done

test: setup all checks programs
	examples/demo

# What cargo can check; unit tests of unsafe code also under valgrind; and that generated files are current.
checks:
	$(CARGO) test --profile bench --workspace --quiet
	tests/memcheck/run
	examples/generated

# Whole programs against the real erl, also with a collection at every safepoint; whether they
# cover every opcode; BIFs call by call; random programs; two minutes of random processes; and OTP's
# compiler, made an executable, against the real erlc.
programs:
	$(CARGO) build --release --bin beamrc
	tests/run --beamrc $(BEAMRC) --otp 27 --stress-too
	tests/run --beamrc $(BEAMRC) --otp 29
	tests/run --beamrc $(BEAMRC) --otp 25
	$(CARGO) run --quiet --profile bench --bin coverage
	tests/bifs/run --beamrc $(BEAMRC) --otp 27
	tests/bifs/run --beamrc $(BEAMRC) --otp 29
	$(CARGO) run --quiet --profile bench --bin random -- --beamrc $(BEAMRC) --seed 1 --count 400
	$(CARGO) run --quiet --profile bench --bin random -- --beamrc $(BEAMRC) --seed 401 --count 200 --stress
	tests/dump/run
	tests/soak/run 120
	examples/erlc-native/compare

# Ten minutes of what `make programs` does for two: random signals, exits and timers on all cores.
soak: setup all
	tests/soak/run 600

# OTP's own test suites, natively beside the real erl: an hour or two. tests/otp-suites/run takes names.
otp-suites: setup all
	tests/otp-suites/run

demo: all
	tests/setup/packages.sh
	tests/setup/otp.sh 27 .otp/27
	examples/demo

bench: setup all
	bench/run --beamrc $(BEAMRC)

clean:
	$(CARGO) clean
	rm -rf examples/*/build
