package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// StrictJSON decodes JSON into v, which is not to be used after an error. It refuses fields that v does not have, and anything
// after the value.
func StrictJSON(data []byte, v any) error {
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

// IsNull reports whether JSON is null, which by the convention of encoding/json changes nothing.
func IsNull(data []byte) bool { return string(bytes.TrimSpace(data)) == "null" }
