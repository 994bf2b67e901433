package metrics

import (
	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/lifetime"
)

// The KPIs of leads, by the period in which leads came.
const (
	Leads              ID = "leads"                // how many came
	QualifiedLeads     ID = "qualified_leads"      // how many of them were worth working on
	LeadToQualified    ID = "lead_to_qualified"    // their share
	LeadToOpportunity  ID = "lead_to_opportunity"  // share that has become an opportunity
	LeadToSale         ID = "lead_to_sale"         // share that has become a customer
	LeadResponseTime   ID = "lead_response_time"   // median wait for the first touch
	LeadResponseP90    ID = "lead_response_p90"    // what one in ten waits for longer
	LeadResponseSLA    ID = "lead_response_sla"    // share touched in time
	LeadUntouchedShare ID = "lead_untouched_share" // share not touched at all
)

const noneLeads = "no lead came"

func leadKPIs() []kpi {
	conversion := func(id ID, name, what, source string, of func(*leadFacts) int64) kpi {
		return kpi{
			Definition: Definition{
				ID: id, Name: name, Formula: "leads that have become " + what + " ÷ leads, by period in which they came", Unit: UnitShare, Better: Higher,
				Additivity: Proportional, Undefined: "no lead came; young leads count as not converted. By lead and not by period of conversion, so that it cannot exceed 1",
				Source: source,
			},
			none:   noneLeads,
			shares: func(r *reading) (num, den int64) { return of(&r.leads), r.leads.leads },
		}
	}
	waited := "fewer than the share asked for were touched in the time in which they were watched. Untouched leads are censored, not left out"
	times := []ID{LeadResponseTime, LeadResponseP90, LeadResponseSLA}
	return []kpi{
		{
			Definition: Definition{
				ID: Leads, Name: "Leads", Formula: "number of leads that came", Unit: UnitCount, Better: Higher, Additivity: Additive,
				Undefined: "never; 0 without leads", Source: "general use",
			},
			ratio: func(r *reading) (num, den exact.Num, n int64) {
				return exact.Int(r.leads.leads), exact.Int(1), r.leads.leads
			},
		},
		{
			Definition: Definition{
				ID: QualifiedLeads, Name: "Qualified leads", Formula: "number of leads that were qualified, by period in which they came", Unit: UnitCount,
				Better: Higher, Additivity: Additive, Undefined: "never; 0 without leads", Source: "general use",
			},
			ratio: func(r *reading) (num, den exact.Num, n int64) {
				return exact.Int(r.leads.qualified), exact.Int(1), r.leads.leads
			},
		},
		conversion(LeadToQualified, "Lead to qualified", "qualified", "HubSpot", func(l *leadFacts) int64 { return l.qualified }),
		conversion(LeadToOpportunity, "Lead to opportunity", "an opportunity", "HubSpot, Salesforce", func(l *leadFacts) int64 { return l.opportunities }),
		conversion(LeadToSale, "Lead to sale", "a customer", "HubSpot, Salesforce", func(l *leadFacts) int64 { return l.customers }),
		{
			Definition: Definition{
				ID: LeadResponseTime, Name: "Median lead response time", Formula: "Kaplan-Meier median of first touch − created", Unit: UnitMinutes, Better: Lower,
				Additivity: Distribution, Undefined: "no lead came, or " + waited, Source: "general use; Kaplan and Meier 1958", Others: others(times, LeadResponseTime),
			},
			none: noneLeads, lives: (*reading).waits, done: "been touched", stat: median, note: earlyNote,
		},
		{
			Definition: Definition{
				ID: LeadResponseP90, Name: "90th percentile of the lead response time", Formula: "Kaplan-Meier 0.9-quantile of first touch − created", Unit: UnitMinutes,
				Better: Lower, Additivity: Distribution, Undefined: "no lead came, or " + waited, Source: "general use; Kaplan and Meier 1958", Others: others(times, LeadResponseP90),
			},
			none: noneLeads, lives: (*reading).waits, done: "been touched", stat: p90, note: earlyNote,
		},
		{
			Definition: Definition{
				ID: LeadResponseSLA, Name: "Leads touched in time", Formula: "Kaplan-Meier share touched within Options.SLA ticks", Unit: UnitShare, Better: Higher,
				Additivity: Distribution, Undefined: "no lead came, or none was watched for so long", Source: "general use; Kaplan and Meier 1958", Others: others(times, LeadResponseSLA),
			},
			none: noneLeads, estimate: (*reading).waits, at: touchedBy, note: earlyNote,
			tick: func(o Options) (int, string) { return o.SLA, "ticks" },
		},
		{
			Definition: Definition{
				ID: LeadUntouchedShare, Name: "Untouched leads", Formula: "leads without a touch ÷ leads", Unit: UnitShare, Better: Lower, Additivity: Proportional,
				Undefined: "no lead came", Source: "general use",
			},
			none: noneLeads,
			shares: func(r *reading) (num, den int64) {
				h := r.waits()
				return h.Len() - h.Ended(causeTouched), h.Len()
			},
		},
	}
}

// waits returns how long leads waited for the first touch.
func (r *reading) waits() *lifetime.Histogram {
	if r.waited == nil {
		all := new(lives)
		for _, c := range r.cells {
			if c.leads != nil {
				all.merge(&c.leads.waits)
			}
		}
		r.waited = all.histogram()
	}
	return r.waited
}

// earlyNote tells of leads that were touched before they came.
func earlyNote(r *reading, _ int64) string {
	if n := r.leads.early; n > 0 {
		return count(n, "lead that was touched before it came", "leads that were touched before they came") + " waited 0"
	}
	return ""
}
