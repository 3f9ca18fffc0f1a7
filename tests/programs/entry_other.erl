%% Another function than main as the entry.
%% entry: start
-module(entry_other).
-export([start/0, main/0]).

main() -> io:format("wrong entry~n").

start() -> io:format("right entry~n").
