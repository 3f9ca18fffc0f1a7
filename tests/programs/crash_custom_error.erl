%% error/1 with a term of several kinds inside a fun.
%% exit: 1
-module(crash_custom_error).
-export([main/0]).

main() -> lists:foreach(fun(X) -> error({custom, X, #{key => <<"value">>}}) end, [1]).
