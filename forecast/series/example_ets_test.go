package series_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/salesops-go/salesops/forecast/series"
)

// etsBookings returns four years of bookings by quarter, in thousands: they grow, and the last quarter is the best.
func etsBookings() []float64 {
	return []float64{
		210, 246, 231, 322,
		243, 279, 272, 371,
		281, 330, 306, 436,
		330, 379, 361, 489,
	}
}

// What will the next four quarters bring? The method finds out for itself that there is a trend, and a season that grows with it.
func ExampleETS() {
	f, err := series.ETS(4)(etsBookings(), 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	lo, hi, err := f.Interval(0.8)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Fit.Method)
	for k, m := range f.Mean {
		fmt.Printf("%.0f (%.0f to %.0f)\n", m, lo[k], hi[k])
	}
	// Output:
	// ETS(M,A,M)
	// 374 (366 to 383)
	// 431 (420 to 442)
	// 405 (393 to 417)
	// 556 (536 to 576)
}

// Why this form? And what if a season that is added is asked for?
func ExampleETS_forms() {
	additive, err := series.ParseForm("A,A,A")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range []series.Method{series.ETS(4), series.ETS(4, additive)} {
		f, err := m(etsBookings(), 4)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.0f\n", f.Mean)
		fmt.Println(strings.Join(f.Fit.Why, "\n"))
	}
	// Output:
	// [374 431 405 556]
	// ETS(M,A,M) has by far the lowest AICc of 15 forms.
	// [383 433 415 543]
	// ETS(A,A,A) is the only form left.
}

// Fit once, store the model, and forecast as quarters come, without the past and without fitting again.
func ExampleFitETS() {
	form, err := series.ParseForm("M,A,M")
	if err != nil {
		fmt.Println(err)
		return
	}
	model, fit, err := series.FitETS(etsBookings(), form, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s, AICc %.1f\n", fit.Method, fit.Criteria.AICc)

	if model, err = model.After(etsBookings()); err != nil {
		fmt.Println(err)
		return
	}
	stored, err := json.Marshal(model)
	if err != nil {
		fmt.Println(err)
		return
	}
	var later series.Model
	if err := json.Unmarshal(stored, &later); err != nil {
		fmt.Println(err)
		return
	}
	for _, news := range [][]float64{nil, {371}, {371, 431}} {
		f, err := later.Forecast(news, 2)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("after %v: %.0f ± %.0f\n", news, f.Mean, f.SD)
	}
	// Output:
	// ETS(M,A,M), AICc 135.2
	// after []: [374 431] ± [7 8]
	// after [371]: [429 403] ± [7 8]
	// after [371 431]: [404 553] ± [7 11]
}

// A quarter has come that was better than forecast: how does the level move?
func ExampleModel_After() {
	m := series.Model{Form: series.Form{Error: series.Additive}, M: 1, Alpha: 0.3, Level: 100, Sigma: 8}
	later, err := m.After([]float64{110})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("from %.0f to %.0f\n", m.Level, later.Level)
	// Output:
	// from 100 to 103
}

// Two models of the same level: the one that follows the errors faster is less sure of what is far ahead.
func ExampleModel_Forecast() {
	for _, alpha := range []float64{0.2, 0.8} {
		m := series.Model{Form: series.Form{Error: series.Additive}, M: 1, Alpha: alpha, Level: 100, Sigma: 8}
		f, err := m.Forecast(nil, 4)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.0f ± %.1f\n", f.Mean, f.SD)
	}
	// Output:
	// [100 100 100 100] ± [8.0 8.2 8.3 8.5]
	// [100 100 100 100] ± [8.0 10.2 12.1 13.7]
}

// Leads a week, without a trend or a season.
func ExampleSES() {
	leads := []float64{41, 38, 44, 47, 40, 42, 46, 43, 45, 39}
	f, err := series.SES()(leads, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %.1f ± %.1f\n", f.Fit.Method, f.Mean, f.SD)
	// Output:
	// SES ETS(A,N,N): [42.5 42.5] ± [3.2 3.2]
}

// Seats in use grow by about as many each month. How many will there be in half a year, and if growth cools down?
func ExampleHolt() {
	seats := []float64{120, 131, 139, 152, 160, 173, 180, 194, 203, 211}
	for _, m := range []series.Method{series.Holt(), series.Damped()} {
		f, err := m(seats, 6)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %.0f\n", f.Fit.Method, f.Mean)
	}
	// Output:
	// Holt ETS(A,A,N): [223 233 243 254 264 274]
	// Damped ETS(A,Ad,N): [221 230 239 247 256 264]
}

// A new product has five months of sales.
func ExampleDamped() {
	f, err := series.Damped()([]float64{12, 19, 24, 28, 31}, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", f.Mean)
	fmt.Println(strings.Join(f.Fit.Why, "\n"))
	// Output:
	// [33.6 35.9 38.0]
	// There are too few values to estimate the state before the first: it is taken from the first values, and only the coefficients are estimated.
}

// Is the best quarter 120 above the year's level, or a third?
func ExampleHoltWinters() {
	for _, season := range []series.Component{series.Additive, series.Multiplicative} {
		f, err := series.HoltWinters(4, season)(etsBookings(), 4)
		if err != nil {
			fmt.Println(err)
			return
		}
		gamma, _ := f.Fit.Param("gamma")
		fmt.Printf("%s: %.0f, gamma %.4f\n", f.Fit.Method, f.Mean, gamma)
	}
	// Output:
	// HoltWinters ETS(A,A,A): [383 433 415 543], gamma 0.8633
	// HoltWinters ETS(M,A,M): [374 431 405 556], gamma 0.0001
}

func ExampleForms() {
	var names []string
	for _, f := range series.Forms() {
		names = append(names, f.String())
	}
	fmt.Println(strings.Join(names, " "))
	// Output:
	// ETS(A,N,N) ETS(M,N,N) ETS(A,A,N) ETS(M,A,N) ETS(A,Ad,N) ETS(M,Ad,N) ETS(A,N,A) ETS(M,N,A) ETS(A,A,A) ETS(M,A,A) ETS(A,Ad,A) ETS(M,Ad,A) ETS(M,N,M) ETS(M,A,M) ETS(M,Ad,M)
}

func ExampleParseForm() {
	form, err := series.ParseForm("MAdM")
	fmt.Println(form, form.Season, form.Damped, err)
	_, err = series.ParseForm("A,A,M")
	fmt.Println(err)
	// Output:
	// ETS(M,Ad,M) multiplicative true <nil>
	// series: form: has a multiplicative season with an additive error, whose variance is infinite; use a multiplicative error (got ETS(A,A,M))
}

// A form is text in JSON, and where text is asked for.
func ExampleForm_MarshalText() {
	text, err := series.Form{Error: series.Multiplicative, Trend: series.Additive, Damped: true}.MarshalText()
	fmt.Println(string(text), err)
	// Output:
	// M,Ad,N <nil>
}
