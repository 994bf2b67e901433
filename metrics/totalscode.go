package metrics

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/wire"
)

// The faults of totals in a text.
var (
	errTotalType  = errors.New("has a total that is not a number of its type")
	errTotalCount = errors.New("has a count that is not from 1 to 2^63-1")
	errTotalForm  = errors.New("must have totals, each a key, a total as a string and a count")
)

// MarshalBinary returns the totals in binary form, which depends on nothing but the keys, totals and counts.
func (t Totals[K, N]) MarshalBinary() ([]byte, error) {
	b := wire.Uint(wire.Head(nil, 'T', 1), keyClass(reflect.ValueOf(*new(K))))
	b = wire.Uint(b, uint64(len(t.sums)))
	for _, of := range t.sorted() {
		b = appendKey(b, of.key)
		b = wire.Uint(wire.Decimal(b, of.sum.Decimal()), uint64(of.n))
	}
	return b, nil
}

// UnmarshalBinary replaces t by the totals in binary form. It returns an error ([ErrEncoding]), and leaves t as it is, if data is
// not what [Totals.MarshalBinary] returns for totals of these types.
func (t *Totals[K, N]) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'T', 1)
	if r.Uint() != keyClass(reflect.ValueOf(*new(K))) {
		r.Fail(errKeyType)
	}
	list := make([]keySum[K], r.Count(3))
	for i := range list {
		list[i].key = readKey[K](r)
		list[i].sum = exact.From(r.Decimal())
		list[i].n = r.Natural(math.MaxInt64)
		if !r.OK() {
			break
		}
	}
	if err := r.Close(); err != nil {
		return errEncoding("totals", err)
	}
	return t.set(list)
}

// set replaces t by the list, which it keeps, unless that cannot be the list of any totals.
func (t *Totals[K, N]) set(list []keySum[K]) error {
	out := Totals[K, N]{sums: list, at: make(map[K]int, len(list))}
	for i := range list {
		of := &list[i]
		var err error
		switch {
		case i > 0 && of.key <= list[i-1].key:
			err = errKeyOrder
		case of.n < 1:
			err = errTotalCount
		case !plainTotal(&of.sum) || !holdsTotal[N](of.sum):
			err = errTotalType
		}
		if err != nil {
			return errEncoding("totals", err)
		}
		out.at[of.key] = i
	}
	*t = out
	return nil
}

// plainTotal writes a decoded number without positive exponent, as sums of whole numbers are. It reports whether it has no more
// than the 18 decimals that amounts may have.
func plainTotal(n *exact.Num) bool {
	whole := n.Round(18, exact.Down)
	if whole.Cmp(*n) != 0 {
		return false
	}
	d := n.Decimal()
	*n = exact.From(n.Fixed(max(0, -d.Exponent())))
	return true
}

// MarshalJSON returns the totals as an object: for each key, ascending, its total, which is a string so that no reader rounds
// it, and how many amounts were added: {"totals":[["acme","100.5",2],["beta","20",1]]}. Keys are strings, or numbers where
// they are of a type of numbers.
func (t Totals[K, N]) MarshalJSON() ([]byte, error) {
	b := []byte(`{"totals":[`)
	for i, of := range t.sorted() {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendKeyJSON(append(b, '['), of.key), `,"`...)
		b = append(append(b, numText(of.sum)...), `",`...)
		b = append(strconv.AppendInt(b, of.n, 10), ']')
	}
	return append(b, "]}"...), nil
}

// UnmarshalJSON replaces t by the totals in JSON; null changes nothing. It returns an error ([ErrEncoding]), and leaves t as it
// is, if data is not what [Totals.MarshalJSON] returns for totals of these types, white space and the like aside.
func (t *Totals[K, N]) UnmarshalJSON(data []byte) error {
	if wire.IsNull(data) {
		return nil
	}
	var in struct {
		Totals *[][]json.RawMessage `json:"totals"`
	}
	err := wire.StrictJSON(data, &in)
	if err == nil && in.Totals == nil {
		err = errTotalForm
	}
	if err != nil {
		return errEncoding("totals", err)
	}
	list := make([]keySum[K], len(*in.Totals))
	for i, trio := range *in.Totals {
		if list[i], err = totalFromJSON[K](trio); err != nil {
			return errEncoding("totals", err)
		}
	}
	return t.set(list)
}

func totalFromJSON[K cmp.Ordered](trio []json.RawMessage) (of keySum[K], err error) {
	if len(trio) != 3 {
		return of, errTotalForm
	}
	if of.key, err = keyFromJSON[K](trio[0]); err != nil {
		return of, err
	}
	text, quoted := strings.CutPrefix(string(trio[1]), `"`)
	text, closed := strings.CutSuffix(text, `"`)
	var ok bool
	if of.sum, ok = numOfText(text); !ok || !quoted || !closed {
		return of, errTotalType
	}
	if of.n, err = strconv.ParseInt(string(trio[2]), 10, 64); err != nil {
		return of, errTotalCount
	}
	return of, nil
}
