package forecast_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

// Every fault that the comments tell of is told, by its kind and its place.
func TestProb_errors(t *testing.T) {
	won := forecast.Deal{ID: "W", Status: forecast.Won, Amount: d("10"), Created: on("2026-01-05"), Close: on("2026-02-05")}
	open := forecast.Deal{ID: "O", Amount: d("10"), Created: on("2026-01-05")}
	change := func(x forecast.Deal, f func(*forecast.Deal)) []forecast.Deal {
		f(&x)
		return []forecast.Deal{won, x}
	}
	seen := period("2026-01-01", "2026-04-01")
	half := func(forecast.Deal, salesops.Date, salesops.Date) (float64, bool) { return 0.5, true }
	project := func(deals []forecast.Deal, p salesops.Period, asOf string, c forecast.Closing, o forecast.ProjectOptions) error {
		day, _ := salesops.ParseDate(asOf)
		_, err := forecast.Project(deals, p, day, c, o)
		return err
	}
	second := func(_ any, err error) error { return err }
	clock := func(deals []forecast.Deal, p salesops.Period, o forecast.CloseClockOptions) error {
		return second(forecast.FitCloseClock(deals, p, o))
	}
	spell := func(s forecast.Spell) error {
		return second(forecast.FitCloseCurve([]forecast.Spell{{Leave: 5, Status: forecast.Won}, s}))
	}
	interval := func(p forecast.Prior, x forecast.Tally, level float64) error {
		_, _, err := p.Interval(x, level)
		return err
	}
	april := period("2026-04-01", "2026-05-01")
	in := forecast.Inflow{Days: 10, Amounts: []decimal.Decimal{d("5")}}
	few := slices.Repeat([]forecast.Deal{won}, 300)
	for i := range few {
		few[i].Owner = strings.Repeat("x", i)
	}
	for _, c := range []struct {
		name string
		err  error
		kind error
		path string
	}{
		{"tally: negative", second(forecast.FitPrior([]forecast.Tally{{}, {Won: -1, Closed: 2}})), forecast.ErrInput, "tallies/1"},
		{"tally: more won than closed", second(forecast.Prior{}.Rate(forecast.Tally{Won: 3, Closed: 2})), forecast.ErrInput, "tally"},
		{"prior: mean", second(forecast.Prior{Mean: 1.5, Strength: 1}.Rate(forecast.Tally{})), forecast.ErrInput, "prior/mean"},
		{"prior: strength", second(forecast.Prior{Mean: 0.5, Strength: -1}.Rate(forecast.Tally{})), forecast.ErrInput, "prior/strength"},
		{"interval: level", interval(forecast.Prior{}, forecast.Tally{}, 1), forecast.ErrInput, "level"},
		{"tally by: status", second(forecast.TallyBy(change(open, func(x *forecast.Deal) { x.Status = "frozen" }), func(forecast.Deal) int { return 0 })), forecast.ErrInput, "deals/1/status"},

		{"spell: status", spell(forecast.Spell{Status: "frozen"}), forecast.ErrInput, "spells/1/status"},
		{"spell: enter", spell(forecast.Spell{Enter: -1}), forecast.ErrInput, "spells/1/enter"},
		{"spell: order", spell(forecast.Spell{Enter: 3, Leave: 2}), forecast.ErrInput, "spells/1/leave"},
		{"spell: age", spell(forecast.Spell{Leave: forecast.MaxAge + 1}), forecast.ErrInput, "spells/1/leave"},
		{"spell: the greatest age", spell(forecast.Spell{Leave: forecast.MaxAge}), nil, ""},
		{"curve: nothing closed", second(forecast.FitCloseCurve([]forecast.Spell{{Leave: 5}})), forecast.ErrUndefined, "spells"},

		{"age spells: open end", second(forecast.AgeSpells(nil, salesops.Period{})), forecast.ErrInput, "seen"},
		{"age spells: empty", second(forecast.AgeSpells(nil, period("2026-01-01", "2026-01-01"))), forecast.ErrInput, "seen"},
		{"age spells: status", second(forecast.AgeSpells(change(won, func(x *forecast.Deal) { x.Status = "frozen" }), seen)), forecast.ErrInput, "deals/1/status"},
		{"age spells: creation", second(forecast.AgeSpells(change(open, func(x *forecast.Deal) { x.Created = salesops.Date{} }), seen)), forecast.ErrInput, "deals/1/created"},
		{"age spells: closing", second(forecast.AgeSpells(change(won, func(x *forecast.Deal) { x.Close = salesops.Date{} }), seen)), forecast.ErrInput, "deals/1/close"},
		{"age spells: closed before created", second(forecast.AgeSpells(change(won, func(x *forecast.Deal) { x.Close = on("2026-01-04") }), seen)), forecast.ErrInput, "deals/1/close"},
		{"period spells: no day", second(forecast.PeriodSpells(nil, nil, salesops.Date{})), forecast.ErrInput, "asOf"},
		{"period spells: open start", second(forecast.PeriodSpells(nil, []salesops.Period{seen, {End: seen.End}}, seen.Start)), forecast.ErrInput, "periods/1"},
		{"period spells: deal", second(forecast.PeriodSpells(change(won, func(x *forecast.Deal) { x.Close = salesops.Date{} }), []salesops.Period{seen}, seen.Start)), forecast.ErrInput, "deals/1/close"},

		{"clock: seen", clock([]forecast.Deal{won}, salesops.Period{}, forecast.CloseClockOptions{}), forecast.ErrInput, "seen"},
		{"clock: bands", clock([]forecast.Deal{won}, seen, forecast.CloseClockOptions{Bands: 101}), forecast.ErrInput, "bands"},
		{"clock: strength", clock([]forecast.Deal{won}, seen, forecast.CloseClockOptions{Strength: -1}), forecast.ErrInput, "strength"},
		{"clock: unit", clock([]forecast.Deal{won}, seen, forecast.CloseClockOptions{Phases: forecast.Phases{Period: "eon"}}), forecast.ErrInput, "phases/period"},
		{"clock: months of a month", clock([]forecast.Deal{won}, seen, forecast.CloseClockOptions{Phases: forecast.Phases{Period: salesops.Month}}), forecast.ErrInput, "phases/daysLeft"},
		{"clock: cuts", clock([]forecast.Deal{won}, seen, forecast.CloseClockOptions{Phases: forecast.Phases{DaysLeft: []int{7, 7}}}), forecast.ErrInput, "phases/daysLeft/1"},
		{"clock: calendar", clock([]forecast.Deal{won}, seen, forecast.CloseClockOptions{Phases: forecast.Phases{Calendar: salesops.Calendar{FirstMonth: 13}}}), forecast.ErrInput, "phases/calendar"},
		{"clock: nothing closed", clock([]forecast.Deal{open}, seen, forecast.CloseClockOptions{}), forecast.ErrUndefined, "spells"},
		{"clock: groups", clock(few, seen, forecast.CloseClockOptions{Group: func(x forecast.Deal) string { return x.Owner }}), forecast.ErrInput, "group"},

		{"inflow: period", second(forecast.MeasureInflow(nil, salesops.Period{End: seen.End})), forecast.ErrInput, "period"},
		{"inflow: creation", second(forecast.MeasureInflow(change(open, func(x *forecast.Deal) { x.Created = salesops.Date{} }), seen)), forecast.ErrInput, "deals/1/created"},
		{"inflow: currency", second(forecast.MeasureInflow(change(open, func(x *forecast.Deal) { x.Currency = "EUR" }), seen)), forecast.ErrInput, "deals/1/currency"},
		{"inflow: amount", second(forecast.MeasureInflow(change(open, func(x *forecast.Deal) { x.Amount = decimal.New(1, 1e9) }), seen)), forecast.ErrInput, "deals/1/amount"},

		{"project: period", project(nil, salesops.Period{Start: april.Start}, "2026-03-31", half, forecast.ProjectOptions{}), forecast.ErrInput, "period"},
		{"project: horizon", project(nil, period("2026-04-01", "2036-05-01"), "2026-03-31", half, forecast.ProjectOptions{}), forecast.ErrInput, "period"},
		{"project: no day", project(nil, april, "", half, forecast.ProjectOptions{}), forecast.ErrInput, "asOf"},
		{"project: no closing", project(nil, april, "2026-03-31", nil, forecast.ProjectOptions{}), forecast.ErrInput, "closing"},
		{"project: places", project(nil, april, "2026-03-31", half, forecast.ProjectOptions{Places: 19}), forecast.ErrInput, "places"},
		{"project: created later", project([]forecast.Deal{won, open}, april, "2026-01-04", half, forecast.ProjectOptions{}), forecast.ErrInput, "deals/0/created"},
		{"project: closed later", project([]forecast.Deal{open, won}, april, "2026-01-31", half, forecast.ProjectOptions{}), forecast.ErrInput, "deals/1/close"},
		{"project: closing date", project(change(won, func(x *forecast.Deal) { x.Close = salesops.Date{} }), april, "2026-03-31", half, forecast.ProjectOptions{}), forecast.ErrInput, "deals/1/close"},
		{"project: status", project(change(won, func(x *forecast.Deal) { x.Status = "frozen" }), april, "2026-03-31", half, forecast.ProjectOptions{}), forecast.ErrInput, "deals/1/status"},
		{"project: amount", project(change(open, func(x *forecast.Deal) { x.Amount = decimal.New(1, 1e9) }), april, "2026-03-31", half, forecast.ProjectOptions{}), forecast.ErrInput, "deals/1/amount"},
		{"project: currency", project([]forecast.Deal{open, {Currency: "EUR", Created: open.Created}}, april, "2026-03-31", half, forecast.ProjectOptions{}), forecast.ErrInput, "deals/1/currency"},
		{"project: no age", project(change(open, func(x *forecast.Deal) { x.Created = salesops.Date{} }), april, "2026-03-31", forecast.CloseCurve{}.ByAge(), forecast.ProjectOptions{}), forecast.ErrInput, "deals/1/closing"},
		{"project: inflow without days", project(nil, april, "2026-03-31", half, forecast.ProjectOptions{Inflow: forecast.Inflow{Amounts: in.Amounts}}), forecast.ErrInput, "inflow/days"},
		{"project: inflow in another currency", project([]forecast.Deal{open}, april, "2026-03-31", half, forecast.ProjectOptions{Inflow: forecast.Inflow{Days: 1, Amounts: in.Amounts, Currency: "EUR"}}), forecast.ErrInput, "inflow/currency"},
		{"project: inflow without bounds", project(nil, april, "2026-03-31", half, forecast.ProjectOptions{Inflow: forecast.Inflow{Days: 1, Amounts: slices.Repeat(in.Amounts, 10_000)}}), forecast.ErrTooLarge, "inflow"},
		{"add: another period", second(forecast.Projection{Period: april}.Add(forecast.Projection{})), forecast.ErrInput, "projection"},
		{"add: another currency", second(forecast.Projection{Closed: d("1"), Currency: "USD"}.Add(forecast.Projection{Closed: d("1"), Currency: "EUR"})), forecast.ErrInput, "projection/currency"},
		{"add: nothing in another currency", second(forecast.Projection{Closed: d("1"), Currency: "USD"}.Add(forecast.Projection{Currency: "EUR"})), nil, ""},
	} {
		var e *forecast.Error
		switch {
		case c.kind == nil:
			if c.err != nil {
				t.Errorf("%s: %v", c.name, c.err)
			}
		case !errors.Is(c.err, c.kind) || !errors.As(c.err, &e) || e.Path != c.path:
			t.Errorf("%s: %v, want %v at %q", c.name, c.err, c.kind, c.path)
		}
	}
}
