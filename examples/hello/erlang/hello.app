{application, hello, [
    {vsn, "1.0.0"},
    {applications, []},
    {description, "The smallest Gleam program"},
    {modules, [hello,
               hello@@main]},
    {registered, []}
]}.
