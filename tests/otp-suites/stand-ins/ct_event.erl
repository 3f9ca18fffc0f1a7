%% ct_event: events of Common Test, which nobody waits for here.
-module(ct_event).
-export([notify/1]).

notify(_) -> ok.
