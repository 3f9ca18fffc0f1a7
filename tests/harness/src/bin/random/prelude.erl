-record(r, {a = 0, b = <<>>, c}).

%% Cuts what loops gather.
cap(X) when is_integer(X), abs(X) > 1 bsl 300 -> X rem 1000000007;
cap(X) when is_bitstring(X), bit_size(X) > 2000 -> <<Y:2000/bits, _/bits>> = X, Y;
cap(X) when is_list(X) -> [cap(E) || E <- lists:sublist(X, 40)];
cap(X) when is_tuple(X) -> list_to_tuple(cap(tuple_to_list(X)));
cap(X) when is_map(X) -> maps:map(fun(_, E) -> cap(E) end, X);
cap(X) -> X.

gcd(A, 0) -> abs(A);
gcd(A, B) -> gcd(B, A rem B).

