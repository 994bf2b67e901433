package metrics

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Every definition is complete, says what computes it, and names other readings that exist.
func TestDefinitions_changes(t *testing.T) {
	all := slices.Concat(changeKPIs(), linearityKPIs(), forecastErrorKPIs(), rampKPIs())
	ids := map[ID]bool{}
	for _, d := range all {
		if ids[d.ID] {
			t.Errorf("%s is defined twice", d.ID)
		}
		ids[d.ID] = true
	}
	methods := map[string]reflect.Type{
		"Changes": reflect.TypeFor[Changes](), "Linearity": reflect.TypeFor[*Linearity](),
		"ForecastError": reflect.TypeFor[ForecastError](), "Ramp": reflect.TypeFor[*Ramp](),
	}
	for _, d := range all {
		v := reflect.ValueOf(d)
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; name != "Others" && v.Field(i).IsZero() {
				t.Errorf("%s has no %s", d.ID, name)
			}
		}
		for _, o := range d.Others {
			if !ids[o] || o == d.ID {
				t.Errorf("%s: there is no other reading %s", d.ID, o)
			}
		}
		typ, method, found := strings.Cut(d.From, ".")
		if !found {
			if typ != "RampRule" && typ != "ProductivityPerRep" {
				t.Errorf("%s comes from %s, which is no function", d.ID, d.From)
			}
			continue
		}
		if _, ok := methods[typ].MethodByName(method); !ok {
			t.Errorf("%s comes from %s, which is no method", d.ID, d.From)
		}
	}
}

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
