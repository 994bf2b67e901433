package funnel

// errTooMany tells that two accumulators hold too many of what is named to be merged.
func errTooMany(what string) error {
	return &Error{Path: what, Msg: "are more than 2^63-1 together: merge fewer", Err: ErrMismatch}
}

// errNotHeld tells that an accumulator does not hold what is to be taken away from it.
func errNotHeld(what string) error {
	return &Error{Path: what, Msg: "are not all held: only what was added or merged can be taken away", Err: ErrMismatch}
}

// errEncoding tells that data is not an encoding of what is named.
func errEncoding(what string, err error) error {
	return &Error{Path: what, Msg: "the text " + err.Error(), Err: ErrEncoding}
}
