package metrics

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"math/bits"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/salesops-go/salesops/internal/fault"
	"github.com/salesops-go/salesops/internal/wire"
)

// The classes of keys, for the binary form.
const (
	textKey = iota
	signedKey
	unsignedKey
	floatKey
)

// keyClass returns the class of a key. Named types, such as a RepID, are of the class of the type below them, whatever methods
// they have.
func keyClass(v reflect.Value) uint64 {
	switch {
	case v.Kind() == reflect.String:
		return textKey
	case v.CanInt():
		return signedKey
	case v.CanUint():
		return unsignedKey
	}
	return floatKey
}

// admitKey returns a key as it is kept: 0 for -0. It says what is wrong with one that cannot be: msg is "" if nothing is.
func admitKey[K cmp.Ordered](key K) (_ K, msg string) {
	var zero K
	if key == zero {
		return zero, ""
	}
	if s, is := any(key).(string); is {
		return key, textFault(s)
	}
	switch v := reflect.ValueOf(key); keyClass(v) {
	case textKey:
		return key, textFault(v.String())
	case floatKey:
		if f := v.Float(); f-f != 0 { // NaN and the infinities
			return key, "must be a finite number"
		}
	}
	return key, ""
}

func textFault(s string) string {
	if !utf8.ValidString(s) {
		return "must be valid UTF-8"
	}
	return ""
}

// keyText is a key as text for an error.
func keyText[K cmp.Ordered](key K) string {
	v := reflect.ValueOf(key)
	if v.Kind() == reflect.String {
		return fault.Clip(v.String())
	}
	return string(appendNumberKey(nil, v))
}

// appendNumberKey appends a key that is no text, as a number of JSON.
func appendNumberKey(b []byte, v reflect.Value) []byte {
	switch keyClass(v) {
	case signedKey:
		return strconv.AppendInt(b, v.Int(), 10)
	case unsignedKey:
		return strconv.AppendUint(b, v.Uint(), 10)
	}
	return strconv.AppendFloat(b, v.Float(), 'g', -1, v.Type().Bits())
}

// hashKey returns the hash of an admitted key: the same on every machine and in every version of this package, as what is
// stored depends on it. Keys of one type have equal hashes if they are equal. The hash of a whole number is that of its value
// in 64 bits, of a float that of its bits as a float64.
func hashKey[K cmp.Ordered](key K) uint64 {
	switch k := any(key).(type) {
	case string:
		return hashText(k)
	case int:
		return splitMix(uint64(k))
	case int64:
		return splitMix(uint64(k))
	}
	switch v := reflect.ValueOf(key); keyClass(v) {
	case textKey:
		return hashText(v.String())
	case signedKey:
		return splitMix(uint64(v.Int()))
	case unsignedKey:
		return splitMix(v.Uint())
	default:
		return splitMix(math.Float64bits(v.Float()))
	}
}

// hashText mixes in the length, and then 8 bytes at a time, the last ones with zeros after them.
func hashText(s string) uint64 {
	h := splitMix(uint64(len(s)))
	for len(s) > 0 {
		var word [8]byte
		s = s[copy(word[:], s):]
		h = splitMix(h ^ binary.LittleEndian.Uint64(word[:]))
	}
	return h
}

// splitMix is a step of SplitMix64, which maps the 64-bit numbers one to one to ones that look random (Steele, Lea and Flood 2014,
// https://doi.org/10.1145/2660193.2660195, with the constants of Stafford's variant 13).
func splitMix(v uint64) uint64 {
	v += 0x9e3779b97f4a7c15
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}

// appendKey appends a key in binary form. Floats are written as their bits from the last to the first, so that round ones are
// short.
func appendKey[K cmp.Ordered](b []byte, key K) []byte {
	switch v := reflect.ValueOf(key); keyClass(v) {
	case textKey:
		return wire.String(b, v.String())
	case signedKey:
		return wire.Int(b, v.Int())
	case unsignedKey:
		return wire.Uint(b, v.Uint())
	default:
		return wire.Uint(b, bits.Reverse64(math.Float64bits(v.Float())))
	}
}

// The faults of keys in a text.
var (
	errKeyType  = errors.New("has a key that is not one of its type")
	errKeyOrder = errors.New("has keys that do not ascend")
)

// readKey reads what appendKey wrote.
func readKey[K cmp.Ordered](r *wire.Reader) (key K) {
	var ok bool
	switch v := reflect.ValueOf(&key).Elem(); keyClass(v) {
	case textKey:
		s := r.String()
		v.SetString(s)
		ok = utf8.ValidString(s)
	case signedKey:
		ok = setInt(v, r.Int())
	case unsignedKey:
		ok = setUint(v, r.Uint())
	default:
		u := bits.Reverse64(r.Uint())
		ok = setFloat(v, math.Float64frombits(u)) && math.Float64bits(v.Float()) == u // no float32 that is rounded
		ok = ok && u != 1<<63                                                         // -0
	}
	if !ok {
		r.Fail(errKeyType)
	}
	return key
}

// appendKeyJSON appends a key as a JSON string or number.
func appendKeyJSON[K cmp.Ordered](b []byte, key K) []byte {
	v := reflect.ValueOf(key)
	if v.Kind() != reflect.String {
		return appendNumberKey(b, v)
	}
	text, _ := json.Marshal(v.String()) // a string has no error
	return append(b, text...)
}

// keyFromJSON reads what appendKeyJSON wrote.
func keyFromJSON[K cmp.Ordered](text json.RawMessage) (key K, err error) {
	var ok bool
	switch v := reflect.ValueOf(&key).Elem(); keyClass(v) {
	case textKey:
		var s string
		ok = len(text) > 0 && text[0] == '"' && utf8.Valid(text) && json.Unmarshal(text, &s) == nil
		v.SetString(s)
	case signedKey:
		i, err := strconv.ParseInt(string(text), 10, 64)
		ok = err == nil && setInt(v, i)
	case unsignedKey:
		u, err := strconv.ParseUint(string(text), 10, 64)
		ok = err == nil && setUint(v, u)
	default:
		f, err := strconv.ParseFloat(string(text), v.Type().Bits())
		ok = err == nil && setFloat(v, f)
	}
	if !ok {
		return key, errKeyType
	}
	key, _ = admitKey(key)
	return key, nil
}

func setInt(v reflect.Value, i int64) bool {
	ok := !v.OverflowInt(i)
	v.SetInt(i)
	return ok
}

func setUint(v reflect.Value, u uint64) bool {
	ok := !v.OverflowUint(u)
	v.SetUint(u)
	return ok
}

func setFloat(v reflect.Value, f float64) bool {
	ok := f-f == 0 && !v.OverflowFloat(f)
	v.SetFloat(f)
	return ok
}
