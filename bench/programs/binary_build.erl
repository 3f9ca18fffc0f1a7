%% Appending to a binary: bytes, integers of several sizes and characters.
-module(binary_build).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 40).

run(Rounds) -> [byte_size(build(200000, <<>>)) || _ <- lists:seq(1, Rounds * 3)].

build(0, Acc) -> Acc;
build(N, Acc) -> build(N - 1, <<Acc/binary, N:8, N:16/little, (N band 16#7ff)/utf8, "ab">>).
