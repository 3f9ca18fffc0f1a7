%% Binaries as segments that begin within a byte, between integers that make whole bytes of it all.
-module(bin_pieces_within_bytes).
-export([main/0]).
id(X) -> X.
main() ->
    B = id(<<0>>), C=id(<<255>>), D = id(<<255,1>>),
    show(<<0:3,B/binary>>), show(<<5:3,B/binary>>), show(<<5:3,C/binary>>), show(<<5:3,C/binary,0:5>>),show(<<5:3,C/binary,31:5>>),show(<<5:3,B/binary,31:5>>),
    show(<<5:3,D/binary,31:5>>), show(<<5:3,31:5>>), X = id(31), show(<<5:3,B/binary,X:5>>), show(<<5:3,B/binary,X:5,C/binary>>), show(<<5:3,B/binary,X:13>>),
    show(<<B/binary,5:3,X:5>>), show(<<5:3,X:5,X:8,X:5,B/binary,X:3>>).
show(X) -> io:format("~p~n",[X]).
