package metrics

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The figures of the zero values have the IDs of the definitions that name them, and no value but for sums of nothing.
func TestDefinitions_zero(t *testing.T) {
	zero := map[string]any{"Changes": Changes{}, "Linearity": new(Linearity), "ForecastError": ForecastError{}}
	for _, d := range slices.Concat(changeKPIs(), linearityKPIs(), forecastErrorKPIs()) {
		typ, method, _ := strings.Cut(d.From, ".")
		f, ok := reflect.TypeAssert[Figure](reflect.ValueOf(zero[typ]).MethodByName(method).Call(nil)[0])
		if sum := d.Additivity == Additive; !ok || f.KPI != d.ID || (f.Value == nil) == sum || sum && *f.Value != 0 {
			t.Errorf("%s of nothing: %+v", d.From, f)
		}
	}
	var r Ramp
	for _, f := range []Figure{r.Time(0), r.TimeToFirstDeal(0)} {
		if f.Value != nil || f.Reason != "there is no rep" {
			t.Errorf("%+v", f)
		}
	}
}
