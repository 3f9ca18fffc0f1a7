%% The process `application_controller`, before it is OTP's: that it is in programs which can ask
%% `application_controller` anything.
-module(beamrc_applications).

-export([start/0, become/1, stop_all/1]).

start() ->
    Pid = spawn_link(fun controller/0),
    true = register(application_controller, Pid),
    Pid.

%% The process that becomes the controller by calling the function, which registers it anew.
become(Controller) ->
    Pid = whereis(application_controller),
    %% OTP's controller calls these by names that are values.
    Pid ! {become, Controller, [fun kernel:start/2, fun kernel:stop/1, fun kernel:config_change/3]},
    Pid.

%% What runs is stopped in the reverse order of starting; then the caller is sent a message 'DOWN' with
%% the reference.
stop_all(Controller) ->
    Monitor = monitor(process, Controller),
    Controller ! {'EXIT', self(), shutdown},
    Monitor.

controller() ->
    receive
        {become, Controller, _} ->
            true = unregister(application_controller),
            Controller();
        {'EXIT', _, shutdown} ->
            beamrc_kernel:stop()
    end.
