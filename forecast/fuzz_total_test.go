package forecast_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/forecast"
)

// FuzzTotal_UnmarshalJSON wants an error, or a total that answers and encodes to what decodes to the same.
func FuzzTotal_UnmarshalJSON(f *testing.F) {
	for _, chances := range [][]forecast.Chance{nil, totMany(3, 1), {{Amount: d("100"), P: 0.3}, {Amount: d("-200"), P: 0.25}}} {
		f.Add([]byte(totJSON(f, totNew(f, chances, forecast.TotalOptions{}))))
	}
	f.Add([]byte(`{"exact":false,"origin":"1e30","step":"0.1","p":[1e-300,1,1e-300],"mean":"1e-390","cumulants":[1,1,1],"excess":1e300}`))
	f.Add([]byte(`{"exact":true,"origin":"-5","step":"1e18","at":[0,4611686018427387904],"p":[0.5,0.5],"mean":"0","cumulants":[1,1,1]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var total forecast.Total
		if err := json.Unmarshal(text, &total); err != nil {
			return
		}
		totAnswers(t, total)
		sum, err := total.Plus(total)
		if err != nil && !totTyped(err) {
			t.Fatal(err)
		}
		totAnswers(t, sum)
		first := totJSON(t, total)
		var back forecast.Total
		if err := json.Unmarshal([]byte(first), &back); err != nil {
			t.Fatalf("%v: %s", err, first)
		}
		if second := totJSON(t, back); second != first {
			t.Errorf("%s, decoded and encoded: %s", first, second)
		}
	})
}

// totAnswers wants finite answers.
func totAnswers(t *testing.T, total forecast.Total) {
	t.Helper()
	x, err := total.Quantile(0.5)
	if err != nil {
		t.Fatal(err)
	}
	below, upTo := total.PIT(x)
	for _, v := range []float64{
		total.SD(), total.AtLeast(x), total.Shortfall(x), total.CRPS(x), total.CRPS(d("-1e18")), total.Inflation(), total.LostMass(), below, upTo,
	} {
		if !(v >= 0 && v <= math.MaxFloat64) {
			t.Errorf("an answer is %v", v)
		}
	}
	if below > upTo || upTo < 0.5 {
		t.Errorf("the median %s is between %v and %v", x.StringFixed(2), below, upTo)
	}
	for range total.All() {
		break
	}
}

// FuzzNewTotal makes deals of 16 bytes each: an exponent, an amount and a probability.
func FuzzNewTotal(f *testing.F) {
	deal := func(exp byte, coef int64, p float64) []byte {
		out := append([]byte{exp}, binary.LittleEndian.AppendUint64(nil, uint64(coef))[:7]...)
		return binary.LittleEndian.AppendUint64(out, math.Float64bits(p))
	}
	f.Add(0.0, 0.0, deal(0, 5, 0.5))
	f.Add(1e-3, 0.3, append(deal(2, 12345, 0.5), deal(18, -1, 1e-300)...))
	f.Add(math.NaN(), -1.0, deal(200, 1, math.Inf(1)))
	f.Fuzz(func(t *testing.T, eps, rho float64, text []byte) {
		var chances []forecast.Chance
		for ; len(text) >= 16 && len(chances) < 24; text = text[16:] {
			coef := int64(binary.LittleEndian.Uint64(text)) >> 8
			p := math.Float64frombits(binary.LittleEndian.Uint64(text[8:]))
			chances = append(chances, forecast.Chance{Amount: decimal.New(coef, -int32(int8(text[0]))), P: p})
		}
		if eps > 0 && eps < 1e-6 || rho > 0.9 && rho < 1 {
			return // takes long
		}
		total, err := forecast.NewTotal(chances, forecast.TotalOptions{SpreadTolerance: eps, Correlation: rho})
		if err != nil && !totTyped(err) {
			t.Fatalf("%v is no error of the package", err)
		}
		totAnswers(t, total)
	})
}
