{application, wordcount, [
    {vsn, "1.0.0"},
    {applications, []},
    {description, "How often each word occurs in the program's arguments"},
    {modules, [wordcount,
               wordcount@@main,
               wordcount@counter,
               wordcount@words]},
    {registered, []}
]}.
