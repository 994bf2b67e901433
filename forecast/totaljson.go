package forecast

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// totalJSON is the JSON form of a [Total].
type totalJSON struct {
	Exact     bool            `json:"exact"`
	Origin    decimal.Decimal `json:"origin"`       // the first point
	Step      decimal.Decimal `json:"step"`         // from a point to the next
	At        []int64         `json:"at,omitempty"` // the points, in steps from the first; when left out, 0, 1, 2, …
	P         []float64       `json:"p"`            // of the points
	Mean      decimal.Decimal `json:"mean"`
	Cumulants [3]float64      `json:"cumulants"`
	Excess    float64         `json:"excess,omitzero"`
	Lost      float64         `json:"lost,omitzero"`
}

// MarshalJSON encodes the distribution as it is: the first point, the step between points and their probabilities, of
// which all else follows. Decoding gives an equal total.
func (t Total) MarshalJSON() ([]byte, error) {
	t = t.points()
	return json.Marshal(totalJSON{
		Exact: !t.approx, Origin: t.origin.Decimal(), Step: t.step.Decimal(), At: t.at, P: t.p,
		Mean: t.mean.Decimal(), Cumulants: t.cumulants, Excess: t.excess, Lost: t.lost,
	})
}

// UnmarshalJSON decodes what [Total.MarshalJSON] encoded.
//
// UnmarshalJSON returns an error if:
//   - the text is no JSON of this form
//   - a number is out of bounds, or there are more than 2^21 points
//   - points do not ascend, or probabilities are negative or do not sum to 1
//   - the points vary more than the variance says
func (t *Total) UnmarshalJSON(text []byte) error {
	var in totalJSON
	if err := json.Unmarshal(text, &in); err != nil {
		return &Error{Msg: "is no JSON of a total: " + err.Error(), Err: ErrInput}
	}
	out, err := in.total()
	if err != nil {
		return err
	}
	*t = out
	return nil
}

// total checks the numbers, and makes the total of them.
func (in *totalJSON) total() (Total, error) {
	var f faults
	bad := func(path, value, msg string) { f.add(ErrInput, "", path, value, msg) }
	for _, v := range []struct {
		path string
		decimal.Decimal
	}{{"origin", in.Origin}, {"step", in.Step}, {"mean", in.Mean}} {
		if !decodable(v.Decimal) {
			bad(v.path, "", "has too many digits or too large an exponent")
		}
	}
	if in.Step.Sign() <= 0 {
		bad("step", "", "must be above 0")
	}
	if !(in.Cumulants[0] >= 0) {
		bad("cumulants/0", floatText(in.Cumulants[0]), "is a variance: it must be at least 0")
	}
	if !(in.Excess >= 0) || in.Excess > 0 && (in.Exact || in.Cumulants[0] == 0) {
		bad("excess", floatText(in.Excess), "must be at least 0, and 0 if the total is exact or certain")
	}
	if !(in.Lost >= 0 && in.Lost <= 1) {
		bad("lost", floatText(in.Lost), "is a probability: it must be from 0 to 1")
	}
	in.points(bad)
	if err := f.err(); err != nil {
		return Total{}, err
	}
	t := Total{
		origin: exact.From(in.Origin), step: exact.From(in.Step), at: in.At, p: in.P,
		mean: exact.From(in.Mean), cumulants: in.Cumulants, excess: in.Excess, lost: in.Lost, approx: !in.Exact,
	}
	t = t.finish()
	if !t.bounded() {
		bad("origin", "", "and the points behind it must be below 10^37")
	} else if own := t.ownVariance(); !(t.cumulants[0]+t.excess >= 0.99*own) {
		bad("cumulants/0", floatText(in.Cumulants[0]), "and the excess are less than the variance of the points, "+floatText(own))
	}
	if err := f.err(); err != nil {
		return Total{}, err
	}
	return t, nil
}

// ownVariance is that of the points.
func (t *Total) ownVariance() float64 {
	step := floatOf(t.step)
	var mean, variance float64
	for i, p := range t.p {
		mean += float64(p * step * float64(t.index(i)))
	}
	for i, p := range t.p {
		d := float64(step*float64(t.index(i))) - mean
		variance += float64(p * d * d)
	}
	return variance
}

// roundOff is how far probabilities may be from summing to 1.
const roundOff = 1e-9

// points checks the points and their probabilities.
func (in *totalJSON) points(bad func(path, value, msg string)) {
	n := len(in.P)
	switch {
	case n == 0 || n > 2*mostCells:
		bad("p", "", "must have from 1 to "+strconv.Itoa(2*mostCells)+" probabilities")
		return
	case in.P[0] == 0 || in.P[n-1] == 0:
		bad("p", "", "must not be 0 at the ends")
	}
	var sum float64
	for i, p := range in.P {
		if !(p >= 0 && p <= 1+roundOff) {
			bad("p/"+strconv.Itoa(i), floatText(p), "is not a probability: it must be from 0 to 1")
		}
		sum += p
	}
	if !(math.Abs(sum-1) <= roundOff) {
		bad("p", floatText(sum), "must sum to 1")
	}
	if in.At != nil && len(in.At) != n {
		bad("at", strconv.Itoa(len(in.At)), "must have as many points as p")
	}
	for i, k := range in.At {
		switch {
		case i == 0 && k != 0:
			bad("at/0", strconv.FormatInt(k, 10), "must be 0")
		case i > 0 && k <= in.At[i-1] || k > 1<<62:
			bad("at/"+strconv.Itoa(i), strconv.FormatInt(k, 10), "must be above the point before, and at most 2^62")
		}
	}
}

// decodable reports whether arithmetic with d takes bounded time. It leaves room for exact means of tiny probabilities.
func decodable(d decimal.Decimal) bool {
	exp := d.Exponent()
	return exp >= -400 && exp <= 40 && d.Coefficient().BitLen() <= 1600
}
