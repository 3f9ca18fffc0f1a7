%% Stands in for the module that the compiler makes for a program.
-module(beamrc_program).
-export([applications/0]).

applications() ->
    [
        {application, kernel, [{vsn, "1"}]},
        {application, stdlib, [{vsn, "1"}, {applications, [kernel]}]},
        {application, a, [
            {vsn, "1.0"},
            {applications, [kernel, stdlib, b]},
            {mod, {started, [arg]}},
            {env, [{key, 1}]},
            {modules, [started]}
        ]},
        {application, b, [{description, "bee"}, {vsn, "2.0"}, {applications, [kernel, stdlib]}]},
        {application, failing, [{applications, [b]}, {mod, {started, fail}}]},
        {application, needing, [{applications, [failing]}]},
        {application, lost, [{applications, [nowhere]}]},
        {application, phased, [
            {applications, [b]}, {mod, {started, phases}}, {start_phases, [{one, 1}, {two, 2}]}
        ]}
    ].
