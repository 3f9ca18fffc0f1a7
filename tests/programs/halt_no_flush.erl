%% halt without flushing still gives the code.
%% exit: 3
-module(halt_no_flush).
-export([main/0]).

main() -> halt(3, [{flush, false}]).
