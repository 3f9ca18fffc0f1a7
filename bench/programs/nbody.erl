%% Floats in records and lists: the orbits of five bodies.
-module(nbody).
-export([main/0, run/1]).

main() -> bench:run(fun ?MODULE:run/1, 200000).

-record(body, {x, y, z, vx, vy, vz, mass}).

run(Rounds) ->
    Bodies = [
        #body{x = 0.0, y = 0.0, z = 0.0, vx = 0.0, vy = 0.0, vz = 0.0, mass = 39.47841760435743},
        #body{x = 4.841431442464721, y = -1.1603200440274284, z = -0.10362204447112311, vx = 0.606326392995832, vy = 2.81198684491626, vz = -0.02521836165988763, mass = 0.03769367487038949},
        #body{x = 8.34336671824458, y = 4.124798564124305, z = -0.4035234171143214, vx = -1.0107743461787924, vy = 1.8256623712304119, vz = 0.008415761376584154, mass = 0.011286326131968767},
        #body{x = 12.894369562139131, y = -15.111151401698631, z = -0.22330757889265573, vx = 1.0827910064415354, vy = 0.8687130181696082, vz = -0.010832637401363636, mass = 0.0017237240570597112},
        #body{x = 15.379697114850917, y = -25.919314609987964, z = 0.17925877295037118, vx = 0.979090732243898, vy = 0.5946989986476762, vz = -0.034755955550407664, mass = 0.0020336868699246304}
    ],
    simulate(Bodies, Rounds).

simulate(Bodies, 0) -> Bodies;
simulate(Bodies, N) -> simulate([move(B) || B <- accelerate(Bodies, [])], N - 1).

accelerate([], Done) -> lists:reverse(Done);
accelerate([A | Rest], Done) ->
    {A2, Rest2} = attract(A, Rest, []),
    accelerate(Rest2, [A2 | Done]).

attract(A, [], Done) -> {A, lists:reverse(Done)};
attract(#body{x = X1, y = Y1, z = Z1, vx = VX1, vy = VY1, vz = VZ1, mass = M1} = A, [#body{x = X2, y = Y2, z = Z2, vx = VX2, vy = VY2, vz = VZ2, mass = M2} = B | Rest], Done) ->
    DX = X1 - X2,
    DY = Y1 - Y2,
    DZ = Z1 - Z2,
    D2 = DX * DX + DY * DY + DZ * DZ,
    Mag = 0.01 / (D2 * math:sqrt(D2)),
    attract(
        A#body{vx = VX1 - DX * M2 * Mag, vy = VY1 - DY * M2 * Mag, vz = VZ1 - DZ * M2 * Mag},
        Rest,
        [B#body{vx = VX2 + DX * M1 * Mag, vy = VY2 + DY * M1 * Mag, vz = VZ2 + DZ * M1 * Mag} | Done]
    ).

move(#body{x = X, y = Y, z = Z, vx = VX, vy = VY, vz = VZ} = B) ->
    B#body{x = X + 0.01 * VX, y = Y + 0.01 * VY, z = Z + 0.01 * VZ}.
