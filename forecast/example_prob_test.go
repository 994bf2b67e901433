package forecast_test

import (
	"fmt"
	"slices"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

// What are the win rates of the reps, if some have closed only a handful of deals?
func ExampleWinRates() {
	rates, prior, err := forecast.WinRates(map[string]forecast.Tally{
		"Amina": {Won: 60, Closed: 200},
		"Boris": {Won: 5, Closed: 6}, // started last month
		"Chen":  {Won: 88, Closed: 210},
		"Dina":  {Won: 35, Closed: 160},
	}, 0.8)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range rates {
		fmt.Printf("%s won %d of %d: raw %.0f %%, estimated %.0f %% (%.0f to %.0f %%)\n",
			r.Key, r.Tally.Won, r.Tally.Closed, 100**r.Raw, 100*r.Rate, 100*r.Low, 100*r.High)
	}
	fmt.Printf("A new rep is expected at %.0f %%, which counts as %.0f deals.\n", 100*prior.Mean, prior.Strength)
	// Output:
	// Amina won 60 of 200: raw 30 %, estimated 31 % (27 to 35 %)
	// Boris won 5 of 6: raw 83 %, estimated 46 % (34 to 59 %)
	// Chen won 88 of 210: raw 42 %, estimated 41 % (37 to 46 %)
	// Dina won 35 of 160: raw 22 %, estimated 23 % (19 to 28 %)
	// A new rep is expected at 35 %, which counts as 20 deals.
}

// Which segment wins most of the deals that it closes?
func ExampleTallyBy() {
	segment := map[string]string{"D1": "Enterprise", "D2": "Enterprise", "D3": "SMB", "D4": "SMB", "D5": "SMB"}
	tallies, err := forecast.TallyBy([]forecast.Deal{
		{ID: "D1", Status: forecast.Won},
		{ID: "D2", Status: forecast.Open},
		{ID: "D3", Status: forecast.Won},
		{ID: "D4", Status: forecast.Lost},
		{ID: "D5", Status: forecast.Lost},
	}, func(d forecast.Deal) string { return segment[d.ID] })
	fmt.Println(tallies, err)
	// Output:
	// map[Enterprise:{1 1} SMB:{1 3}] <nil>
}

// How much is a rep's own record worth, beside that of the team?
func ExampleFitPrior() {
	prior, err := forecast.FitPrior([]forecast.Tally{{Won: 60, Closed: 200}, {Won: 88, Closed: 210}, {Won: 35, Closed: 160}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range []forecast.Tally{{}, {Won: 4, Closed: 5}, {Won: 80, Closed: 100}} {
		rate, err := prior.Rate(t)
		fmt.Printf("%d of %d: %.0f %% %v\n", t.Won, t.Closed, 100*rate, err)
	}
	// Output:
	// 0 of 0: 31 % <nil>
	// 4 of 5: 37 % <nil>
	// 80 of 100: 67 % <nil>
}

// The deals of a small company, whose history begins with 2026: two are older.
func probExampleDeals() []forecast.Deal {
	return []forecast.Deal{
		{ID: "D1", Status: forecast.Won, Amount: d("12000"), Created: on("2025-11-10"), Close: on("2026-01-20")},
		{ID: "D2", Status: forecast.Open, Amount: d("90000"), Created: on("2025-12-01")},
		{ID: "D3", Status: forecast.Lost, Amount: d("20000"), Created: on("2026-01-05"), Close: on("2026-01-19")},
		{ID: "D4", Status: forecast.Won, Amount: d("15000"), Created: on("2026-01-12"), Close: on("2026-03-02")},
		{ID: "D5", Status: forecast.Lost, Amount: d("30000"), Created: on("2026-02-02"), Close: on("2026-03-20")},
		{ID: "D6", Status: forecast.Open, Amount: d("40000"), Created: on("2026-02-16")},
		{ID: "D7", Status: forecast.Open, Amount: d("25000"), Created: on("2026-03-09")},
	}
}

// What is known of the life of each deal, if the CRM was introduced at the start of the year?
func ExampleAgeSpells() {
	spells, err := forecast.AgeSpells(probExampleDeals(), period("2026-01-01", "2026-04-01"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, s := range spells {
		fmt.Printf("D%d: watched from age %d to %d, then %s\n", i+1, s.Enter, s.Leave, s.Status)
	}
	// Output:
	// D1: watched from age 52 to 71, then won
	// D2: watched from age 31 to 120, then open
	// D3: watched from age 0 to 14, then lost
	// D4: watched from age 0 to 49, then won
	// D5: watched from age 0 to 46, then lost
	// D6: watched from age 0 to 43, then open
	// D7: watched from age 0 to 22, then open
}

// What becomes of the deals that are open in the middle of a month, by its end? The answer of the last three months.
func ExamplePeriodSpells() {
	months := salesops.Calendar{}.Tile(salesops.Month, period("2026-01-01", "2026-04-01"))
	spells, err := forecast.PeriodSpells(probExampleDeals(), months, on("2026-03-31"))
	if err != nil {
		fmt.Println(err)
		return
	}
	curve, err := forecast.FitCloseCurve(spells)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("From day 15 to the end: won %.0f %%, lost %.0f %%\n", 100*curve.Win(14, 16), 100*curve.Lose(14, 16))
	p, _ := curve.ByDay(on("2026-04-01"))(forecast.Deal{}, on("2026-04-15"), on("2026-04-30"))
	fmt.Printf("In April: %.0f %%\n", 100*p)
	// Output:
	// From day 15 to the end: won 8 %, lost 17 %
	// In April: 8 %
}

// How likely is a deal of two months to be won in the next 30 days, and what becomes of deals in the end?
func ExampleFitCloseCurve() {
	spells := []forecast.Spell{
		{Leave: 20, Status: forecast.Lost},
		{Leave: 35, Status: forecast.Lost},
		{Leave: 50},
		{Leave: 70, Status: forecast.Won},
		{Leave: 75, Status: forecast.Lost},
		{Leave: 75, Status: forecast.Won},
		{Enter: 41, Leave: 90, Status: forecast.Won},
		{Leave: 100},
	}
	curve, err := forecast.FitCloseCurve(spells)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range curve.Steps {
		fmt.Printf("day %2d: %d at risk, won by then %.2f, lost %.2f, open %.2f\n", s.Age, s.AtRisk, s.WonBy, s.LostBy, s.Open)
	}
	fmt.Printf("60 days old: won in the next 30 days with %.0f %%\n", 100*curve.Win(60, 30))
	fmt.Printf("3 deals created on each of 90 days: %.0f won in these days\n", 3*curve.CreateAndClose(90))
	// Output:
	// day 20: 7 at risk, won by then 0.00, lost 0.14, open 0.86
	// day 35: 6 at risk, won by then 0.00, lost 0.29, open 0.71
	// day 70: 5 at risk, won by then 0.14, lost 0.29, open 0.57
	// day 75: 4 at risk, won by then 0.29, lost 0.43, open 0.29
	// day 90: 2 at risk, won by then 0.43, lost 0.43, open 0.14
	// 60 days old: won in the next 30 days with 60 %
	// 3 deals created on each of 90 days: 15 won in these days
}

// Do deals close faster at the end of the quarter? The history of two years, in which they do.
func ExampleFitCloseClock() {
	var deals []forecast.Deal
	for i := range 730 {
		x := forecast.Deal{Created: on("2024-01-01").AddDays(i), Status: forecast.Won}
		quarter := salesops.Calendar{}.Period(salesops.Quarter, x.Created.AddDays(30))
		switch i % 3 {
		case 0: // closes within 40 days, in any month
			x.Close = x.Created.AddDays(10 + i%30)
		case 1: // closes in the last month of the quarter, or is lost in the first of the next
			x.Close = quarter.End.AddDays(-1 - i%25)
			if i%2 == 0 {
				x.Status, x.Close = forecast.Lost, quarter.End.AddDays(i%25)
			}
		case 2: // is lost within 60 days
			x.Status, x.Close = forecast.Lost, x.Created.AddDays(5+i%55)
		}
		deals = append(deals, x)
	}
	clock, err := forecast.FitCloseClock(deals, salesops.Period{End: on("2026-01-01")}, forecast.CloseClockOptions{Bands: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, won := range clock.Won.Cells {
		fmt.Printf("month %d of the quarter: wins × %.2f, losses × %.2f\n", won.Phase, won.Factor, clock.Lost.Cells[i].Factor)
	}
	x := forecast.Deal{Created: on("2025-12-01")}
	for _, asOf := range []string{"2025-12-31", "2026-02-28"} {
		p, _ := clock.Closing("")(x, on(asOf), on(asOf).AddDays(30))
		fmt.Printf("chance within 30 days of %s: %.0f %%\n", asOf, 100*p)
	}
	// Output:
	// month 1 of the quarter: wins × 0.77, losses × 1.71
	// month 2 of the quarter: wins × 0.71, losses × 0.69
	// month 3 of the quarter: wins × 1.51, losses × 0.60
	// chance within 30 days of 2025-12-31: 19 %
	// chance within 30 days of 2026-02-28: 40 %
}

// What will the second quarter bring?
func ExampleProject() {
	deals, asOf := probExampleDeals(), on("2026-03-31")
	known := period("2026-01-01", "2026-04-01")
	spells, err := forecast.AgeSpells(deals, known)
	if err != nil {
		fmt.Println(err)
		return
	}
	curve, err := forecast.FitCloseCurve(spells)
	if err != nil {
		fmt.Println(err)
		return
	}
	inflow, err := forecast.MeasureInflow(deals, known)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := forecast.Project(deals, period("2026-04-01", "2026-07-01"), asOf, curve.ByAge(), forecast.ProjectOptions{Inflow: inflow})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range p.Deals {
		fmt.Printf("%s: %s with %.0f %%\n", c.ID, c.Amount.StringFixed(0), 100*c.P)
	}
	fmt.Printf("open deals %s, deals to come %s (%.2f deals a day, %.1f won), together %s\n",
		p.Open.StringFixed(0), p.New.StringFixed(0), inflow.PerDay(), p.NewWins, p.Expected.StringFixed(0))
	total, err := p.Total(forecast.TotalOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("at least 100,000 with %.0f %%\n", 100*total.AtLeast(d("100000")))
	// Output:
	// D2: 90000 with 36 %
	// D6: 40000 with 51 %
	// D7: 25000 with 50 %
	// open deals 65432, deals to come 20030 (0.06 deals a day, 0.8 won), together 85462
	// at least 100,000 with 38 %
}

// Large deals are won more rarely: how much, and what does that make of the next month?
func ExampleProjection_Add() {
	var deals []forecast.Deal
	for i := range 300 {
		x := forecast.Deal{ID: fmt.Sprint(i), Amount: d("5000"), Created: on("2025-01-01").AddDays(i), Status: forecast.Lost}
		if i%3 == 0 {
			x.Amount = d("50000")
		}
		if i%2 == 0 && i%9 != 0 || i%15 == 0 {
			x.Status = forecast.Won
		}
		if x.Close = x.Created.AddDays(10 + i*7%50); i%3 == 0 && i%4 == 0 {
			x.Close = x.Created.AddDays(90)
		}
		deals = append(deals, x)
	}
	asOf := on("2025-09-30")
	deals = forecast.Rewind(deals, asOf)
	size := func(x forecast.Deal) string {
		if x.Amount.Cmp(d("20000")) >= 0 {
			return "large"
		}
		return "small"
	}
	clock, err := forecast.FitCloseClock(deals, salesops.Period{End: on("2025-10-01")}, forecast.CloseClockOptions{Group: size})
	if err != nil {
		fmt.Println(err)
		return
	}
	october := period("2025-10-01", "2025-11-01")
	all := forecast.Projection{Period: october, AsOf: asOf}
	for _, f := range clock.GroupWon.Cells {
		part := slices.DeleteFunc(slices.Clone(deals), func(x forecast.Deal) bool { return size(x) != f.Group })
		p, err := forecast.Project(part, october, asOf, clock.Closing(f.Group), forecast.ProjectOptions{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: won %d where %.1f were expected, factor %.2f; %d open bring %s\n", f.Group, f.Observed, f.Expected, f.Factor, len(p.Deals), p.Open.StringFixed(0))
		if all, err = all.Add(p); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println("together", all.Expected.StringFixed(0))
	// Output:
	// large: won 34 where 56.4 were expected, factor 0.63; 15 open bring 190879
	// small: won 82 where 59.6 were expected, factor 1.35; 22 open bring 40394
	// together 231273
}

// How many deals come in?
func ExampleMeasureInflow() {
	inflow, err := forecast.MeasureInflow(probExampleDeals(), period("2026-01-01", "2026-04-01"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d deals in %d days: one in %.0f days\n", len(inflow.Amounts), inflow.Days, 1/inflow.PerDay())
	// Output:
	// 5 deals in 90 days: one in 18 days
}

// What was known at the end of February?
func ExampleRewind() {
	for _, x := range forecast.Rewind(probExampleDeals(), on("2026-02-28")) {
		fmt.Println(x.ID, x.Status)
	}
	// Output:
	// D1 won
	// D2 open
	// D3 lost
	// D4 open
	// D5 open
	// D6 open
}

// Deals of two segments close at different speeds: a Closing may pick the curve by the deal.
func ExampleClosing() {
	curve := func(days int) forecast.CloseCurve {
		c, err := forecast.FitCloseCurve([]forecast.Spell{
			{Leave: days, Status: forecast.Won}, {Leave: days, Status: forecast.Lost}, {Leave: 3 * days, Status: forecast.Won}, {Leave: 4 * days},
		})
		if err != nil {
			fmt.Println(err)
		}
		return c
	}
	bySize := map[bool]forecast.Closing{false: curve(15).ByAge(), true: curve(50).ByAge()}
	closing := func(x forecast.Deal, asOf, through salesops.Date) (float64, bool) {
		return bySize[x.Amount.Cmp(d("50000")) >= 0](x, asOf, through)
	}
	p, err := forecast.Project([]forecast.Deal{
		{ID: "small", Amount: d("8000"), Created: on("2026-03-10")},
		{ID: "large", Amount: d("80000"), Created: on("2026-02-20")},
	}, period("2026-04-01", "2026-05-01"), on("2026-03-31"), closing, forecast.ProjectOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range p.Deals {
		fmt.Printf("%s %.2f\n", c.ID, c.P)
	}
	// Output:
	// small 0.50
	// large 0.25
}
