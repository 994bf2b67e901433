package metrics

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"

	"github.com/salesops-go/salesops/internal/wire"
)

// The faults of a Distinct in a text.
var (
	errDistinctLimit     = errors.New("has a limit that is not from 1 to 2^63-1, or more keys than it")
	errDistinctRegisters = errors.New("has registers that no keys make")
	errDistinctForm      = errors.New("must have keys or registers, and not both")
)

// What follows the limit in the binary form.
const (
	distinctKeys = iota
	distinctRegisters
)

// MarshalBinary returns d in binary form, which depends on nothing but the limit and the set of keys that were added.
func (d Distinct[K]) MarshalBinary() ([]byte, error) {
	b := wire.Uint(wire.Head(nil, 'K', 1), keyClass(reflect.ValueOf(*new(K))))
	b = wire.Uint(b, uint64(d.limit))
	if d.registers != nil {
		return wire.String(wire.Uint(b, distinctRegisters), string(d.registers)), nil
	}
	keys, _ := d.Keys()
	b = wire.Uint(wire.Uint(b, distinctKeys), uint64(len(keys)))
	for _, key := range keys {
		b = appendKey(b, key)
	}
	return b, nil
}

// UnmarshalBinary replaces d by one in binary form. It returns an error ([ErrEncoding]), and leaves d as it is, if data is not
// what [Distinct.MarshalBinary] returns for keys of this type.
func (d *Distinct[K]) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'K', 1)
	if r.Uint() != keyClass(reflect.ValueOf(*new(K))) {
		r.Fail(errKeyType)
	}
	limit := r.Natural(math.MaxInt64)
	var keys []K
	var registers []byte
	if r.Natural(distinctRegisters) == distinctRegisters {
		registers = []byte(r.String())
	} else {
		keys = make([]K, r.Count(1))
		for i := range keys {
			if keys[i] = readKey[K](r); !r.OK() {
				break
			}
		}
	}
	if err := r.Close(); err != nil {
		return errEncoding("distinct", err)
	}
	return d.set(limit, keys, registers)
}

// set replaces d, unless no keys make what is given. Registers are nil if there are none.
func (d *Distinct[K]) set(limit int64, keys []K, registers []byte) error {
	out := Distinct[K]{limit: limit, registers: registers}
	switch {
	case registers != nil && (limit == 0 || !possibleRegisters(registers)):
		return errEncoding("distinct", errDistinctRegisters)
	case limit > 0 && int64(len(keys)) > limit:
		return errEncoding("distinct", errDistinctLimit)
	}
	if len(keys) > 0 {
		out.keys = make(map[K]struct{}, len(keys))
	}
	for i, key := range keys {
		if i > 0 && key <= keys[i-1] {
			return errEncoding("distinct", errKeyOrder)
		}
		out.keys[key] = struct{}{}
	}
	*d = out
	return nil
}

func possibleRegisters(registers []byte) bool {
	return len(registers) == hllRegisters && slices.Max(registers) >= 1 && slices.Max(registers) <= hllMost
}

// distinctJSON is the JSON form of a Distinct.
type distinctJSON struct {
	Limit     *int64             `json:"limit,omitempty"`
	Keys      *[]json.RawMessage `json:"keys,omitempty"`
	Registers *string            `json:"registers,omitempty"`
}

// MarshalJSON returns d as an object with its limit, if there is one, and its keys, ascending, or beyond the limit its 2^14
// registers, a byte each, in base64: {"limit":1000,"keys":["acme","beta"]}. Keys are strings, or numbers where they are of a
// type of numbers.
func (d Distinct[K]) MarshalJSON() ([]byte, error) {
	var j distinctJSON
	if d.limit > 0 {
		j.Limit = &d.limit
	}
	if d.registers != nil {
		text := base64.StdEncoding.EncodeToString(d.registers)
		j.Registers = &text
		return json.Marshal(j)
	}
	keys, _ := d.Keys()
	raw := make([]json.RawMessage, len(keys))
	for i, key := range keys {
		raw[i] = appendKeyJSON(nil, key)
	}
	j.Keys = &raw
	return json.Marshal(j)
}

// UnmarshalJSON replaces d by one in JSON; null changes nothing. It returns an error ([ErrEncoding]), and leaves d as it is, if
// data is not what [Distinct.MarshalJSON] returns for keys of this type, white space and the like aside.
func (d *Distinct[K]) UnmarshalJSON(data []byte) error {
	if wire.IsNull(data) {
		return nil
	}
	var j distinctJSON
	if err := wire.StrictJSON(data, &j); err != nil {
		return errEncoding("distinct", err)
	}
	limit, keys, registers, err := distinctFromJSON[K](j)
	if err != nil {
		return errEncoding("distinct", err)
	}
	return d.set(limit, keys, registers)
}

func distinctFromJSON[K cmp.Ordered](j distinctJSON) (limit int64, keys []K, registers []byte, err error) {
	if (j.Keys == nil) == (j.Registers == nil) {
		return 0, nil, nil, errDistinctForm
	}
	if j.Limit != nil {
		if limit = *j.Limit; limit < 1 {
			return 0, nil, nil, errDistinctLimit
		}
	}
	if j.Registers != nil {
		if len(*j.Registers) != base64.StdEncoding.EncodedLen(hllRegisters) { // which lets no line breaks pass
			return 0, nil, nil, errDistinctRegisters
		}
		if registers, err = base64.StdEncoding.Strict().DecodeString(*j.Registers); err != nil {
			err = errDistinctRegisters
		}
		return limit, nil, registers, err
	}
	keys = make([]K, len(*j.Keys))
	for i, text := range *j.Keys {
		if keys[i], err = keyFromJSON[K](text); err != nil {
			return 0, nil, nil, err
		}
	}
	return limit, keys, nil, nil
}
