%% ct_property_test: there is no property tester.
-module(ct_property_test).
-export([init_per_suite/1, quickcheck/2]).

init_per_suite(_) -> {skip, "no property tester"}.
quickcheck(_, _) -> {skip, "no property tester"}.
