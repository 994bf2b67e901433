package metrics

// The KPIs of how far forecasts are off: see [ForecastError].
const (
	SignedForecastError ID = "forecast_error"    // signed error of the sums
	WAPE                ID = "wape"              // weighted absolute percentage error
	MAPE                ID = "mape"              // mean absolute percentage error
	ForecastBias        ID = "forecast_bias"     // how much too high forecasts are
	ForecastAccuracy    ID = "forecast_accuracy" // 1 less the WAPE
)

// forecastErrorKPIs are the definitions of the figures of [ForecastError].
func forecastErrorKPIs() []Definition {
	return []Definition{
		{
			ID: SignedForecastError, Name: "Forecast error", Unit: UnitShare, Better: Neither, Additivity: Proportional,
			Formula:   "Σ (actual − forecast) ÷ Σ actual",
			Undefined: "the actuals do not sum to more than 0; positive where more came than was forecast",
			Source:    "Hyndman and Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001", From: "ForecastError.Signed",
			Others: []ID{ForecastBias, WAPE, MAPE},
		},
		{
			ID: WAPE, Name: "Forecast error (WAPE)", Unit: UnitShare, Better: Lower, Additivity: Proportional,
			Formula:   "Σ |actual − forecast| ÷ Σ |actual|",
			Undefined: "all actuals are 0; it may exceed 1",
			Source:    "SAP, which calls it WMAPE or MAD/mean ratio", From: "ForecastError.WAPE",
			Others: []ID{MAPE, ForecastAccuracy, SignedForecastError, ForecastBias},
		},
		{
			ID: MAPE, Name: "Forecast error (MAPE)", Unit: UnitShare, Better: Lower, Additivity: Proportional,
			Formula:   "Σ (|actual − forecast| ÷ |actual|) ÷ pairs, each quotient rounded to 12 decimals",
			Undefined: "an actual is 0, or there is no pair; use WAPE then",
			Source:    "scikit-learn, Hyndman and Koehler 2006, doi:10.1016/j.ijforecast.2006.03.001", From: "ForecastError.MAPE",
			Others: []ID{WAPE, SignedForecastError},
		},
		{
			ID: ForecastBias, Name: "Forecast bias", Unit: UnitShare, Better: Neither, Additivity: Proportional,
			Formula:   "(Σ forecast − Σ actual) ÷ Σ |actual|",
			Undefined: "all actuals are 0; positive where forecasts are too high (others divide forecast by actual: 1 is unbiased)",
			Source:    "Operately, which gives the numerator alone", From: "ForecastError.Bias",
			Others: []ID{SignedForecastError, WAPE},
		},
		{
			ID: ForecastAccuracy, Name: "Forecast accuracy", Unit: UnitShare, Better: Higher, Additivity: Proportional,
			Formula:   "1 − Σ |actual − forecast| ÷ Σ |actual|",
			Undefined: "all actuals are 0; it may be negative",
			Source:    "Force Calculator, for one pair", From: "ForecastError.Accuracy",
			Others: []ID{WAPE},
		},
	}
}
