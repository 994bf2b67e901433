package metrics_test

import (
	"testing"

	"github.com/salesops-go/salesops/metrics"
)

// chgErrors adds pairs of forecast and actual.
func chgErrors(t testing.TB, pairs ...[2]string) metrics.ForecastError {
	t.Helper()
	var e metrics.ForecastError
	for _, p := range pairs {
		if err := e.Add(d(p[0]), d(p[1]), ""); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func chgRounded(t testing.TB, f metrics.Figure, places int32, want string) {
	t.Helper()
	if got, ok := f.Decimal(places); !ok || got.StringFixed(places) != want {
		t.Errorf("%s is %s (%s), want %s", f.KPI, got.StringFixed(places), f.Reason, want)
	}
}

// TestE65_WAPE is the example of Askvity, weighted average percent error
// (askvity.info/forecasting-accuracy/what-is-the-weighted-average-percent-error): 30 of 450, 6.67 %.
func TestE65_WAPE(t *testing.T) {
	e := chgErrors(t, [2]string{"90", "100"}, [2]string{"210", "200"}, [2]string{"140", "150"})
	chgRounded(t, e.WAPE(), 4, "0.0667")
	chgRounded(t, e.Accuracy(), 4, "0.9333")
	if !e.AbsError.Equal(d("30")) || !e.AbsActual.Equal(d("450")) {
		t.Errorf("%s of %s, want 30 of 450", e.AbsError.StringFixed(0), e.AbsActual.StringFixed(0))
	}
}

// TestE66_MAPE is the example of scikit-learn, mean_absolute_percentage_error
// (scikit-learn.org/stable/modules/generated/sklearn.metrics.mean_absolute_percentage_error.html): 0.3273.
func TestE66_MAPE(t *testing.T) {
	e := chgErrors(t, [2]string{"2.5", "3"}, [2]string{"0.0", "-0.5"}, [2]string{"2", "2"}, [2]string{"8", "7"})
	v, ok := e.MAPE().Float()
	if !ok || v < 0.3273 || v > 0.3274 {
		t.Errorf("%v, want 0.3273…", v)
	}
}
