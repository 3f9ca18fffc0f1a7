%% A crash in deep recursion: the trace is cut to the frames that fit.
%% exit: 1
-module(crash_deep).
-export([main/0]).

main() -> dig(100).

dig(0) -> error(bottom);
dig(N) -> 1 + dig(N - 1).
