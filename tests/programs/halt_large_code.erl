%% Codes above 255 are cut as the system cuts them.
%% exit: 1
-module(halt_large_code).
-export([main/0]).

main() -> halt(257).
