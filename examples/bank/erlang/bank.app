{application, bank, [
    {vsn, "1.0.0"},
    {applications, []},
    {description, "Processes that transfer money through one typed actor"},
    {modules, [bank,
               bank@@main,
               bank@accounts,
               bank@actor,
               bank_ffi]},
    {registered, []}
]}.
