%% The logger's configuration: levels, filters, handlers, formatters, metadata; and mistakes.
%% otp: 26+
-module(logger_configuration).
-export([main/0]).
-export([log/2, adding_handler/1, changing_config/3, removing_handler/1, filter_config/1]).
-export([format/2, check_config/1]).
-include_lib("kernel/include/logger.hrl").

main() ->
    show(primary, logger:get_primary_config()),
    show(handlers, logger:get_handler_ids()),
    {ok, Default} = logger:get_handler_config(default),
    show(default, maps:without([config, filters], Default)),
    show(filters, [Id || {Id, _} <- maps:get(filters, Default)]),
    show(proxy, logger:get_proxy_config()),
    ok = logger:update_formatter_config(default, #{template => ["default: ", level, " ", msg, "\n"]}),
    levels(),
    handlers(),
    filters(),
    formatters(),
    metadata(),
    modules(),
    mistakes(),
    removal(),
    show(config, lists:sort(maps:keys(logger:get_config()))).

levels() ->
    show(set, logger:set_primary_config(level, debug)),
    logger:debug("seen ~p", [now_]), sync(),
    show(level, maps:get(level, logger:get_primary_config())),
    show(allow, [logger:allow(Level, ?MODULE) || Level <- [error, debug]]),
    show(handler_level, logger:set_handler_config(default, level, error)),
    logger:warning("below the handler's level"),
    logger:error("at the handler's level"), sync(),
    show(all, logger:set_handler_config(default, level, all)),
    show(update, logger:update_primary_config(#{level => warning})),
    logger:notice("not seen"), logger:warning("seen"), sync(),
    show(compare, [logger:compare_levels(A, B) || {A, B} <- [{error, info}, {info, error}, {debug, debug}, {all, none}]]).

handlers() ->
    show(add, logger:add_handler(mine, ?MODULE, #{config => #{to => self()}, level => notice})),
    show(again, logger:add_handler(mine, ?MODULE, #{})),
    logger:error("for both"), sync(), received(),
    logger:warning(#{a => report}, #{key => value}), sync(), received(),
    {ok, Config} = logger:get_handler_config(mine),
    show(config, maps:remove(config, Config)),
    show(change, logger:set_handler_config(mine, config, #{to => self(), changed => true})), received(),
    show(update, logger:update_handler_config(mine, config, #{to => self(), more => true})), received(),
    show(refused, logger:update_handler_config(mine, #{config => refuse})),
    show(set, logger:set_handler_config(mine, #{config => #{to => self()}, level => all})), received(),
    show(ids, lists:sort(logger:get_handler_ids())).

filters() ->
    Drop = fun(#{level := warning}, _) -> stop; (_, _) -> ignore end,
    Change = fun(#{msg := {string, "change me"}} = Event, To) -> Event#{msg := {string, To}}; (Event, _) -> Event end,
    show(add, logger:add_primary_filter(drop, {Drop, []})),
    show(twice, logger:add_primary_filter(drop, {Drop, []})),
    logger:warning("dropped"),
    show(add, logger:add_handler_filter(mine, change, {Change, "changed"})),
    logger:error("change me"), sync(), received(),
    show(primary, [Id || {Id, _} <- maps:get(filters, logger:get_primary_config())]),
    show(remove, [logger:remove_primary_filter(drop), logger:remove_primary_filter(drop)]),
    show(remove, [logger:remove_handler_filter(mine, change), logger:remove_handler_filter(nobody, change)]),
    logger:warning("not dropped any more"), sync(), received(),
    show(crashing, logger:add_handler_filter(mine, crashing, {fun(_, _) -> error(crash) end, []})),
    logger:error("while a filter crashes"), sync(), received(), received(),
    {ok, #{filters := Filters}} = logger:get_handler_config(mine),
    show(left, Filters),
    Level = {fun logger_filters:level/2, {stop, gteq, critical}},
    show(level, logger:add_handler_filter(mine, level, Level)),
    logger:critical("for the default handler only"), logger:error("for both"), sync(), received(),
    show(default, logger:set_handler_config(mine, filter_default, stop)),
    logger:error("for the default handler only"), sync(), received(),
    ok = logger:remove_handler_filter(mine, level),
    ok = logger:set_handler_config(mine, filter_default, log).

formatters() ->
    Templates = [
        [level, ":", msg, "\n"],
        ["[", level, "] ", {key, ["key=", key, " "], ["no key "]}, msg, "\n"],
        [{[error_logger, tag], ["tag ", [error_logger, tag]], []}, msg, "\n"],
        [mfa, " ", msg, "\n"]
    ],
    [begin
        show(template, logger:update_formatter_config(default, template, Template)),
        ?LOG_ERROR("a message of ~p~nlines", [two]),
        logger:error("with a key", #{key => {some, "value"}}), sync()
     end || Template <- Templates],
    ok = logger:update_formatter_config(default, #{template => [level, ":", msg, "\n"]}),
    [begin
        show(option, logger:update_formatter_config(default, Option)),
        logger:error("~p~n  ~ts", [lists:seq(1, 60), "a text that goes on for longer than is wanted"]), sync(),
        logger:error([{numbers, lists:seq(1, 60)}, {several, lines}]), sync()
     end || Option <- [#{single_line => true}, #{max_size => 60}, #{chars_limit => 70}, #{depth => 8},
                       #{single_line => false, max_size => unlimited, chars_limit => unlimited, depth => unlimited}]],
    show(mine, logger:set_handler_config(default, formatter, {?MODULE, #{prefix => "mine"}})),
    logger:error("formatted by a module"), sync(),
    show(refused, logger:set_handler_config(default, formatter, {?MODULE, refuse})),
    ok = logger:set_handler_config(default, formatter, {logger_formatter, #{template => [level, ":", msg, "\n"], single_line => false}}).

metadata() ->
    ok = logger:set_primary_config(metadata, #{primary => 1, both => primary}),
    ok = logger:set_process_metadata(#{process => 2, both => process}),
    logger:error("metadata"), sync(), received([primary, process, both]),
    logger:error("metadata", #{both => call}), sync(), received([primary, process, both]),
    ?LOG_ERROR("where", #{both => macro}), sync(), received([both, mfa]),
    ok = logger:set_primary_config(metadata, #{}),
    ok = logger:unset_process_metadata().

modules() ->
    show(set, logger:set_module_level(?MODULE, debug)),
    show(get, [logger:get_module_level(), logger:get_module_level(?MODULE)]),
    ?LOG_DEBUG("seen because of the module"), sync(), received(),
    logger:debug("not of any module"),
    show(unset, logger:unset_module_level(?MODULE)),
    ?LOG_DEBUG("not seen"),
    show(none, logger:set_module_level([?MODULE], none)),
    ?LOG_ERROR("not seen"),
    show(all, logger:unset_module_level()),
    show(get, logger:get_module_level()).

mistakes() ->
    show(level, logger:set_primary_config(level, loud)),
    show(key, logger:set_primary_config(nonsense, 1)),
    show(handler, logger:set_handler_config(nobody, level, error)),
    show(handler, logger:get_handler_config(nobody)),
    show(module, logger:add_handler(bad, "no module", #{})),
    show(missing, logger:add_handler(bad, no_such_module, #{})),
    show(id, logger:add_handler("no id", ?MODULE, #{})),
    show(config, logger:add_handler(bad, ?MODULE, #{level => loud})),
    show(refused, logger:add_handler(bad, ?MODULE, #{config => refuse})),
    show(filter, logger:add_primary_filter(bad, not_a_filter)),
    show(template, logger:update_formatter_config(default, #{template => 1})),
    show(module, logger:set_module_level("no module", error)),
    show(log, catch logger:log(loud, "text")).

removal() ->
    show(crash, logger:set_handler_config(mine, config, #{to => self(), crash => true})), received(),
    logger:error("removes the handler"), sync(),
    show(removed, logger:get_handler_config(mine)),
    show(remove, logger:remove_handler(mine)),
    show(remove, logger:remove_handler(default)),
    logger:error("nobody sees this"),
    show(handlers, logger:get_handler_ids()),
    show(add, logger:add_handler(default, logger_std_h, #{formatter => {logger_formatter, #{template => ["again: ", msg, "\n"]}}})),
    logger:error("a handler as at first"), sync().

%% The default handler has printed what it was given, whatever way the events came.
sync() ->
    _ = logger_std_h:filesync(default),
    ok.

show(What, Value) ->
    io:format("~p: ~kp~n", [What, Value]).

received() -> received([key]).
received(Keys) ->
    receive {handled, What} when is_tuple(What) -> show(handled, What), received(Keys);
        {handled, #{level := Level, msg := Msg, meta := Meta}} ->
            show(handled, {Level, Msg, maps:with(Keys, Meta)}), received(Keys)
    after 20 -> ok
    end.

%% A handler

log(_, #{config := #{crash := true}}) -> error(crash);
log(Event, #{config := #{to := To}}) -> To ! {handled, Event}.

adding_handler(#{config := refuse}) -> {error, refused};
adding_handler(Config) -> {ok, Config#{added => true}}.

changing_config(_, _, #{config := refuse}) -> {error, refused};
changing_config(How, #{config := Old}, #{config := #{to := To} = New} = Config) ->
    To ! {handled, {How, map_size(Old), map_size(New)}},
    {ok, Config}.

removing_handler(_) -> ok.
filter_config(Config) -> Config#{filtered => true}.

%% A formatter

format(#{level := Level, msg := {string, Text}}, #{prefix := Prefix}) ->
    [Prefix, " ", atom_to_list(Level), " ", Text, $\n].

check_config(refuse) -> {error, refused};
check_config(#{}) -> ok.
