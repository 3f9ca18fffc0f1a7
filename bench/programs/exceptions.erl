%% Throws and errors raised a few frames down and caught.
-module(exceptions).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 4000000).

run(Rounds) -> loop(Rounds, 0).

loop(0, Sum) -> Sum;
loop(N, Sum) ->
    R = try down(N, 5)
        catch
            throw:{found, X} -> X;
            error:badarith -> 2
        end,
    loop(N - 1, Sum + R).

down(N, 0) when N band 3 =:= 0 -> throw({found, 1});
down(N, 0) when N band 3 =:= 1 -> 1 div (N band 2);
down(_, 0) -> 3;
down(N, D) -> 1 + down(N, D - 1).
