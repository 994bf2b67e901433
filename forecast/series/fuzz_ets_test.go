package series_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/salesops-go/salesops/forecast/series"
)

// Whatever the series: a forecast of finite numbers, or an Error; and a model that is stored forecasts the same.
func FuzzETS(f *testing.F) {
	row := func(y ...float64) []byte {
		var b []byte
		for _, v := range y {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		return b
	}
	f.Add(row(1, 2, 3, 4, 5, 6, 7, 8, 9), byte(4), byte(3))
	f.Add(row(0, 0, 0, 0, 0, 0, 0, 0, 0, 1), byte(2), byte(9))
	f.Add(row(1e-300, 1e300, 1e-300, 1e300, 1, 1, 1, 1), byte(2), byte(1))
	f.Add(row(5e-324, 1e-320, 5e-324, 0, 1e-320, 1e-320, 1e-320), byte(3), byte(1))
	f.Add(row(math.MaxFloat64, -math.MaxFloat64, math.MaxFloat64, 1, 2, 3, 4), byte(2), byte(200))
	f.Add(row(10, 8, 0.36, 29, 3, 114376, 1.7, 7, 11.5, 191, 1e9, 1e-9), byte(3), byte(250))
	f.Add(row(-1, -5, 2, -8, -1, -9, 3, -8, -2, -6, 1, -7), byte(4), byte(2))
	f.Add(row(math.NaN(), 1, 2), byte(1), byte(1))
	f.Fuzz(func(t *testing.T, data []byte, m, h byte) {
		var y []float64
		for len(data) >= 8 && len(y) < 60 {
			y = append(y, math.Float64frombits(binary.LittleEndian.Uint64(data)))
			data = data[8:]
		}
		check := func(name string, got series.Forecast, err error) {
			t.Helper()
			if err != nil {
				if e := (*series.Error)(nil); !errors.As(err, &e) {
					t.Errorf("%s of %v: %v", name, y, err)
				}
				return
			}
			for _, row := range [][]float64{got.Mean, got.SD, got.Fit.Fitted} {
				for _, v := range row {
					if math.IsNaN(v) || math.IsInf(v, 0) {
						t.Errorf("%s of %v: %v", name, y, got)
					}
				}
			}
			for _, v := range got.SD {
				if v < 0 {
					t.Errorf("%s of %v: standard deviation %v", name, y, got.SD)
				}
			}
			if _, err := json.Marshal(got); err != nil {
				t.Errorf("%s of %v: %v", name, y, err)
			}
		}
		for name, method := range etsMethods(int(m % 14)) {
			got, err := method(y, int(h))
			check(name, got, err)
		}
		for _, form := range series.Forms() {
			model, _, err := series.FitETS(y, form, int(m%14))
			if err != nil {
				check(form.String(), series.Forecast{}, err)
				continue
			}
			got, err := model.Forecast(y, 5)
			check(form.String(), got, err)
			if later, err := model.After(y); err == nil {
				got, err := later.Forecast(nil, 5)
				check(form.String(), got, err)
			} else {
				check(form.String(), series.Forecast{}, err)
			}
		}
	})
}
