package comp_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/comp"
)

// Oracle Fusion Incentive Compensation, "Examples of Calculating Earnings Using
// Step Rates": each transaction on its own walks the tiers.
func TestE01_marginalPerDeal(t *testing.T) {
	c := bands(comp.Marginal, comp.At, []string{"0", "0.01"}, []string{"1000", "0.02"}, []string{"3000", "0.03"}, []string{"8000", "0.05"})
	rows := [][2]string{{"200", "2"}, {"300", "3"}, {"1500", "20"}, {"1200", "14"}, {"2000", "30"}, {"4500", "95"}}
	curvePays(t, c, rows...)
	b := openBooks(t, comp.Plan{Components: []comp.Component{{ID: "sales", Measure: comp.Measure{Reset: comp.PerDeal}, Curve: &c}}}, payee("0"))
	var deals []comp.Credit
	for i, row := range rows {
		deals = append(deals, booking(string(rune('a'+i)), "2026-01-15", row[0]))
	}
	st := b.close("2026-01-01", deals...)
	same(t, "earned", st.Earned, "164")
	same(t, "net", st.Net, "164")
	for i, row := range rows {
		wantLine(t, st, "earn/sales/"+deals[i].ID+"/2026-01-01", comp.Earn, row[1])
	}
}

func oracleTiers(mode comp.Mode) comp.Curve {
	return bands(mode, comp.At, []string{"0", "0.01"}, []string{"10000", "0.02"}, []string{"50000", "0.03"}, []string{"100000", "0.04"})
}

// Oracle, "Options for Splitting Attainment Numbers Across Rate Tiers", split:
// the slices are given, the money is ours.
func TestE02_marginalSlices(t *testing.T) {
	c := oracleTiers(comp.Marginal)
	wantPays(t, c, "", [2]string{"5000", "50"}, [2]string{"15000", "200"}, [2]string{"60000", "1200"})
	sliced(t, c, "5000", [4]string{"0", "5000", "0.01", "50"})
	sliced(t, c, "15000", [4]string{"0", "10000", "0.01", "100"}, [4]string{"10000", "15000", "0.02", "100"})
	sliced(t, c, "60000", [4]string{"0", "10000", "0.01", "100"}, [4]string{"10000", "50000", "0.02", "800"}, [4]string{"50000", "60000", "0.03", "300"})
}

// Oracle, the same page, no split: the rates are given, the money is ours.
func TestE03_retroactive(t *testing.T) {
	c := oracleTiers(comp.Retroactive)
	wantPays(t, c, "", [2]string{"5000", "50"}, [2]string{"15000", "300"}, [2]string{"60000", "1800"})
	for x, want := range map[string]string{"5000": "0.01", "15000": "0.02", "60000": "0.03"} {
		rate, _ := c.EffectiveRate(d(x))
		same(t, "rate at "+x, rate, want)
	}
}

// Oracle, release 24B, "What's New in Sales Performance Management": the trace of
// a split over tiers. The slices and the effective rate are given.
func TestE04_slicesAndEffectiveRate(t *testing.T) {
	c := bands(comp.Marginal, comp.At, []string{"0", "0.01"}, []string{"1000", "0.02"}, []string{"5000", "0.03"}, []string{"10000", "0"})
	wantPays(t, c, "", [2]string{"2500", "40"})
	sliced(t, c, "2500", [4]string{"0", "1000", "0.01", "10"}, [4]string{"1000", "2500", "0.02", "30"})
	rate, ok := c.EffectiveRate(d("2500"))
	if !ok {
		t.Error("no effective rate at 2500")
	}
	same(t, "effective rate", rate, "0.016")
	_, parts := c.At(d("2500"))
	for i, want := range []string{"0.004", "0.012"} { // of the effective rate
		same(t, "share of the rate", parts[i].Pay.DivRound(d("2500"), 6), want)
	}
}

// Salesforce Spiff, "Accelerator Functions": mamount.
func TestE05_accelerator(t *testing.T) {
	wantPays(t, bands(comp.Marginal, comp.At, []string{"0", "0.04"}, []string{"200000", "0.06"}), "", [2]string{"220000", "9200"})
}

// Salesforce Spiff, "Accelerator Functions": the table and the walk are given, the
// money is ours.
func TestE06_accelerators(t *testing.T) {
	wantPays(t, bands(comp.Marginal, comp.At, []string{"0", "0.05"}, []string{"50000", "0.06"}, []string{"100000", "0.07"}), "", [2]string{"102000", "5640"})
}

// excelforum.com 861932.
func TestE07_marginalThreeTiers(t *testing.T) {
	c := bands(comp.Marginal, comp.At, []string{"0", "0.05"}, []string{"100000", "0.06"}, []string{"125000", "0.07"})
	wantPays(t, c, "", [2]string{"150000", "8250"})
	sliced(t, c, "150000", [4]string{"0", "100000", "0.05", "5000"}, [4]string{"100000", "125000", "0.06", "1500"}, [4]string{"125000", "150000", "0.07", "1750"})
}

// excelguru.ca 9795: what lies above quota pays 125 % and 150 % of the slice.
func TestE08_onlyAboveQuota(t *testing.T) {
	c := bands(comp.Marginal, comp.At, []string{"0", "0"}, []string{"1", "1.25"}, []string{"1.25", "1.5"})
	wantPays(t, c, "10000", [2]string{"10000", "0"}, [2]string{"12500", "3125"}, [2]string{"14000", "5375"})
	_, parts := inMeasure(c, "10000").Between(d("10000"), d("14000"))
	if len(parts) != 2 {
		t.Fatalf("the move has %d slices, want 2", len(parts))
	}
	same(t, "first slice", parts[0].Pay, "3125")
	same(t, "second slice", parts[1].Pay, "2250")
}

func mytime() comp.Curve {
	return bands(comp.Marginal, comp.At, []string{"0", "0.25"}, []string{"500", "0.3"}, []string{"3000", "0.4"})
}

// MyTime help centre, tiered commissions.
func TestE09_marginal(t *testing.T) {
	wantPays(t, mytime(), "", [2]string{"100", "25"}, [2]string{"400", "100"}, [2]string{"5000", "1675"})
}

// Microsoft tech community 4152103, sliding scale: what must be sold to earn 460?
func TestE10_inverse(t *testing.T) {
	c := bands(comp.Marginal, comp.At, []string{"0", "0.15"}, []string{"2000", "0.16"}, []string{"3000", "0.17"}, []string{"4000", "0.18"})
	wantPays(t, c, "", [2]string{"2500", "380"}, [2]string{"3000", "460"})
	x, ok := c.Inverse(d("460"), 2)
	if !ok {
		t.Fatal("460 is out of reach")
	}
	same(t, "to earn 460", x, "3000")

	// Rounded down, so that no cent is paid before it is earned: to the nearest
	// cent, 2,999.97 earn 459.9952, which is paid as 460.00 already.
	calc := calculator(t, comp.Plan{
		Components: []comp.Component{{ID: "sales", Measure: comp.Measure{Reset: comp.PerPlan}, Curve: &c}},
		Rounding:   comp.Rounding{Mode: comp.Down},
	})
	in := comp.Case{Payee: payee("0"), Period: period("2026-01-01", "2026-02-01")}
	for sold, more := range map[string]string{"0": "3000", "2500": "500", "3000": "0", "3500": "0"} {
		in.Credits = []comp.Credit{booking("sold", "2026-01-15", sold)}
		need, err := calc.Needed(in, "sales", d("460"))
		if err != nil {
			t.Fatal(err)
		}
		same(t, "more than "+sold, need.More, more)
	}
}

// SAP SuccessFactors Incentive Management, "Managing Rate Tables": step and
// straight tables. The tables are given, the money is ours.
func TestE11_stepAndStraight(t *testing.T) {
	rows := [][]string{{"0", "0.03"}, {"1", "0.05"}}
	t.Run("step", func(t *testing.T) {
		c := bands(comp.Marginal, comp.At, rows...)
		wantPays(t, c, "100000", [2]string{"100000", "3000"}, [2]string{"104000", "3200"})
		sliced(t, inMeasure(c, "100000"), "104000", [4]string{"0", "100000", "0.03", "3000"}, [4]string{"100000", "104000", "0.05", "200"})
	})
	t.Run("straight", func(t *testing.T) {
		wantPays(t, bands(comp.Retroactive, comp.At, rows...), "100000", [2]string{"104000", "5200"})
	})
}

// Earnbase glossary, "retroactive tier jumping".
func TestE12_incrementalAndRetroactive(t *testing.T) {
	rows := [][]string{{"0", "0.5"}, {"100000", "0.6"}}
	wantPays(t, bands(comp.Marginal, comp.At, rows...), "", [2]string{"180000", "98000"})
	wantPays(t, bands(comp.Retroactive, comp.At, rows...), "", [2]string{"180000", "108000"})
}

// Zuplo, "Pricing Models": graduated and volume.
func TestE13_graduatedAndVolume(t *testing.T) {
	rows := [][]string{{"0", "0.10"}, {"1000", "0.05"}, {"10000", "0.01"}}
	for _, edge := range []comp.Edge{comp.At, comp.Above} {
		wantPays(t, bands(comp.Marginal, edge, rows...), "", [2]string{"15000", "600"})
		wantPays(t, bands(comp.Retroactive, edge, rows...), "", [2]string{"15000", "150"})
	}
}

// Autumn docs, "Graduated pricing".
func TestE14_graduated(t *testing.T) {
	wantPays(t, bands(comp.Marginal, comp.At, []string{"0", "0.01"}, []string{"1000", "0.008"}, []string{"10000", "0.005"}), "", [2]string{"15000", "107"})
}

// mrexcel.com 1268544: tiers in per cent of a quota of 90, of which 100 is no
// round multiple.
func TestE20_attainmentThatDoesNotEnd(t *testing.T) {
	c := bands(comp.Marginal, comp.At, []string{"0", "0.1"}, []string{"0.5", "0.2"}, []string{"1", "0.3"})
	wantPays(t, c, "90", [2]string{"45", "4.5"}, [2]string{"90", "13.5"}, [2]string{"100", "16.5"})
	sliced(t, inMeasure(c, "90"), "100", [4]string{"0", "45", "0.1", "4.5"}, [4]string{"45", "90", "0.2", "9"}, [4]string{"90", "100", "0.3", "3"})
}

// Law Insider, clause "Commission Structure". The table is given, the money is ours.
func TestE21_contractClause(t *testing.T) {
	wantPays(t, bands(comp.Marginal, comp.At, []string{"0", "0.025"}, []string{"2000000", "0.04"}, []string{"4000000", "0.05"}), "", [2]string{"5000000", "180000"})
}

// Oracle Sales Compensation, "Revenue Quota Example" (revqtexp): "same total
// revenue, same total commission irrespective of the number of sales". The table
// and the deals are given, the money is ours.
func TestE22_dealsOfAQuota(t *testing.T) {
	c := bands(comp.Marginal, comp.At, []string{"0", "0.05"}, []string{"0.75", "0.10"}, []string{"1", "0.15"})
	wantPays(t, c, "1000", [2]string{"500", "25"}, [2]string{"1000", "62.5"})
	plan := comp.Plan{Components: []comp.Component{{ID: "revenue", Measure: comp.Measure{Reset: comp.PerPlan, Quota: "revenue"}, Curve: &c}}}

	st := openBooks(t, plan, payee("0", "revenue", "1000")).close("2026-01-01", booking("first", "2026-01-10", "500"), booking("second", "2026-01-20", "500"))
	wantLine(t, st, "earn/revenue/first/2026-01-01", comp.Earn, "25")
	wantLine(t, st, "earn/revenue/second/2026-01-01", comp.Earn, "37.5")
	same(t, "attainment", *attainedBy(t, st, "revenue").Attainment, "1")

	for _, cut := range [][]string{{"1000"}, {"250", "250", "250", "250"}, {"900", "40", "60"}, {"333.33", "333.33", "333.34"}} {
		var deals []comp.Credit
		for i, amount := range cut {
			deals = append(deals, booking(string(rune('a'+i)), "2026-01-10", amount))
		}
		st := openBooks(t, plan, payee("0", "revenue", "1000")).close("2026-01-01", deals...)
		same(t, "total of "+strings.Join(cut, " + "), st.Net, "62.5")
	}
}

// Oracle Sales Compensation, "Defining Compensation Plans" (defspcm), split and no
// split of one sale. The rates are given, the money is ours.
func TestE23_splitAndNotSplit(t *testing.T) {
	rows := [][]string{{"0", "0.04"}, {"1000", "0.10"}}
	wantPays(t, bands(comp.Marginal, comp.At, rows...), "", [2]string{"1500", "90"})
	wantPays(t, bands(comp.Retroactive, comp.At, rows...), "", [2]string{"1500", "150"})
	wantPays(t, bands(comp.Prospective, comp.At, rows...), "", [2]string{"1500", "150"})
}

// Lago docs, charge model "volume".
func TestE25_volume(t *testing.T) {
	c := bands(comp.Retroactive, comp.Above, []string{"0", "0.0010", "10"}, []string{"10000", "0.0008", "10"}, []string{"50000", "0.0006", "10"}, []string{"100000", "0.0004", "10"})
	wantPays(t, c, "", [2]string{"65000", "49"})
}

// Salesforce Spiff, function tier_payout: a tie goes to the lower tier, unless
// tiebreak_below says otherwise. The table is given, the money is ours.
func TestE26_edges(t *testing.T) {
	rows := [][]string{{"0", "0.04"}, {"150000", "0.08"}, {"250000", "0.12"}}
	for edge, want := range map[comp.Edge]string{comp.Above: "6000", comp.At: "12000", "": "12000"} {
		t.Run("edge="+string(edge), func(t *testing.T) {
			wantPays(t, bands(comp.Retroactive, edge, rows...), "", [2]string{"150000", want})
		})
	}
}

// Kennect glossary, accelerator: 10 % to quota, 15 % above.
func TestE66_acceleratorAboveQuota(t *testing.T) {
	c := bands(comp.Marginal, comp.At, []string{"0", "0.10"}, []string{"1", "0.15"})
	wantPays(t, c, "200000", [2]string{"200000", "20000"}, [2]string{"200100", "20015"})
}

// Siplify blog, "Tiered Commission Structures": a rate of the whole year that
// goes from 10 % to 15 % on reaching 1,000,000 makes the last dollar worth 50,000.
func TestE67_cliff(t *testing.T) {
	c := bands(comp.Retroactive, comp.At, []string{"0", "0.10"}, []string{"1000000", "0.15"})
	wantPays(t, c, "", [2]string{"999999", "99999.9"}, [2]string{"1000000", "150000"})
	above := c
	above.Edge = comp.Above
	same(t, "worth of being there", c.Pay(d("1000000")).Sub(above.Pay(d("1000000"))), "50000")
	gain, _ := c.Between(d("999999"), d("1000000"))
	same(t, "the last dollar, less its own 10 %", gain.Sub(d("0.10")), "50000")

	plan := comp.Plan{
		ID: "plan", Currency: "USD", Span: year(),
		Components: []comp.Component{{ID: "year", Measure: comp.Measure{Reset: comp.PerYear}, Curve: &c}},
	}
	problems := plan.Check()
	i := slices.IndexFunc(problems, func(p comp.Problem) bool { return p.Code == comp.CodeCliff })
	if i < 0 || len(problems) != 1 {
		t.Fatalf("Check() = %+v, want a cliff and nothing else", problems)
	}
	if p := problems[i]; p.Path != "/components/0/curve/bands/1" || !p.Warning || !strings.Contains(p.Text, "50,000") {
		t.Errorf("Check() = %+v, want a warning of 50,000 at /components/0/curve/bands/1", p)
	}
	marginal := bands(comp.Marginal, comp.At, []string{"0", "0.10"}, []string{"1000000", "0.15"})
	plan.Components[0].Curve = &marginal
	if problems := plan.Check(); len(problems) != 0 {
		t.Errorf("Check() of the marginal table = %+v, want no problem", problems)
	}
	if gain, _ := marginal.Between(d("999999"), d("1000000")); !gain.Equal(decimal.New(1, -1)) {
		t.Errorf("the last dollar of the marginal table is worth %s, want 0.10", gain.StringFixed(2))
	}
}
