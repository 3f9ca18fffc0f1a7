%% The smallest program: one constant string through the whole of io.
-module(hello).
-export([main/0]).

main() -> io:format("Hello, world!~n").
