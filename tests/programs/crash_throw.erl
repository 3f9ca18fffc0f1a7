%% A throw that nobody catches becomes nocatch.
%% exit: 1
%% stderr: compare
-module(crash_throw).
-export([main/0]).

main() -> 1 + toss({ball, 7}).

toss(X) -> throw(X).
