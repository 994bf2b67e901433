package forecast_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/forecast"
)

// A weight that is none is one fault: the deals of its category are not at fault as well.
func TestByCategory_oneFault(t *testing.T) {
	weight := forecast.ByCategory(map[forecast.Category]decimal.Decimal{forecast.BestCase: d("60")})
	deals := []forecast.Deal{{ID: "D-1", Category: forecast.BestCase, Amount: d("100")}}
	_, err := forecast.Summarize(deals, forecast.Query{Weight: weight})
	if err == nil || strings.Contains(err.Error(), "D-1") || !strings.Contains(err.Error(), "weight/best case") {
		t.Errorf("%v; want one fault, of the weight", err)
	}
}
