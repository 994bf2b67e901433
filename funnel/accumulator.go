package funnel

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

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

// strictJSON decodes JSON into v, which is not to be used after an error. It refuses fields that v does not have.
func strictJSON(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("goes on after its end")
	}
	return nil
}

// isNull reports whether JSON is null, which by the convention of encoding/json changes nothing.
func isNull(data []byte) bool { return string(bytes.TrimSpace(data)) == "null" }
