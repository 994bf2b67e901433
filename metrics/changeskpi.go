package metrics

// The KPIs of how a pipeline moves: see [Changes].
const (
	SlippageRate            ID = "slippage_rate"             // deals due that were neither won nor lost, by number
	SlippageRateValue       ID = "slippage_rate_value"       // deals due that were neither won nor lost, by value
	PushRate                ID = "push_rate"                 // deals due that were moved to a later period, by number
	PushRateValue           ID = "push_rate_value"           // deals due that were moved to a later period, by value
	PushRateOfClosed        ID = "push_rate_of_closed"       // deals moved to a later period for each deal closed
	SlipRateForecast        ID = "slip_rate_forecast"        // deals forecast that were not won
	PullInRate              ID = "pull_in_rate"              // deals accelerated into the period, by number
	PullInRateValue         ID = "pull_in_rate_value"        // deals accelerated into the period, by value
	PushCount               ID = "push_count"                // how often a deal was pushed in its life
	PipelineCreation        ID = "pipeline_creation"         // value of deals created, at the end of the period
	PipelineCreationCount   ID = "pipeline_creation_count"   // number of deals created
	PipelineCreationInitial ID = "pipeline_creation_initial" // value of deals created, at their creation
	PipelineEfficiency      ID = "pipeline_efficiency"       // what was won of all pipeline handled
)

// changeKPIs are the definitions of the figures of [Changes].
func changeKPIs() []Definition {
	return []Definition{
		{
			ID: SlippageRate, Name: "Slippage rate", Unit: UnitShare, Better: Lower, Additivity: Proportional,
			Formula:   "deals due in the period at its start, neither won nor lost in it ÷ deals due in the period at its start",
			Undefined: "no deal was due at the start; deals that do not exist any more count as slipped, and a note says how many",
			Source:    "Petavue, KPI Depot", From: "Changes.SlippageRate",
			Others: []ID{SlippageRateValue, PushRate, SlipRateForecast},
		},
		{
			ID: SlippageRateValue, Name: "Slippage rate (value)", Unit: UnitShare, Better: Lower, Additivity: Proportional,
			Formula:   "Σ amount of deals due at the start, neither won nor lost ÷ Σ amount of deals due at the start, both at the start",
			Undefined: "what was due at the start is worth nothing",
			Source:    "Sightfull", From: "Changes.SlippageRateValue",
			Others: []ID{SlippageRate, PushRateValue},
		},
		{
			ID: PushRate, Name: "Push rate", Unit: UnitShare, Better: Lower, Additivity: Proportional,
			Formula:   "deals due in the period at its start, moved to a later one ÷ deals due in the period at its start",
			Undefined: "no deal was due at the start; a deal that closed after the period was moved",
			Source:    "Gong; Saber calls pull-ins so, see pull_in_rate", From: "Changes.PushRate",
			Others: []ID{PushRateValue, PushRateOfClosed, PullInRate, SlippageRate, PushCount},
		},
		{
			ID: PushRateValue, Name: "Push rate (value)", Unit: UnitShare, Better: Lower, Additivity: Proportional,
			Formula:   "Σ amount of deals due at the start, moved to a later period ÷ Σ amount of deals due, both at the start",
			Undefined: "what was due at the start is worth nothing",
			Source:    "Gong", From: "Changes.PushRateValue",
			Others: []ID{PushRate, SlippageRateValue},
		},
		{
			ID: PushRateOfClosed, Name: "Push-out rate of closed", Unit: UnitTimes, Better: Lower, Additivity: Proportional,
			Formula:   "deals due in the period at its start, moved to a later one ÷ deals won or lost in the period",
			Undefined: "no deal closed in the period; may exceed 1",
			Source:    "Discern", From: "Changes.PushRateOfClosed",
			Others: []ID{PushRate},
		},
		{
			ID: SlipRateForecast, Name: "Slip rate of the forecast", Unit: UnitShare, Better: Lower, Additivity: Proportional,
			Formula:   "deals due and forecast at the start, not won in the period ÷ deals due and forecast at the start",
			Undefined: "no deal due at the start was forecast; a deal that was lost slipped",
			Source:    "Chief", From: "Changes.SlipRateForecast",
			Others: []ID{SlippageRate},
		},
		{
			ID: PullInRate, Name: "Pull-in rate", Unit: UnitShare, Better: Neither, Additivity: Proportional,
			Formula:   "deals due after the period at its start, due or closed in it at its end ÷ deals due or closed in it at its end",
			Undefined: "no deal is due in the period at its end; overdue deals with a new date are not pulled in",
			Source:    "Saber, which calls it push rate", From: "Changes.PullInRate",
			Others: []ID{PullInRateValue, PushRate},
		},
		{
			ID: PullInRateValue, Name: "Pull-in rate (value)", Unit: UnitShare, Better: Neither, Additivity: Proportional,
			Formula:   "Σ amount of deals pulled in ÷ Σ amount of deals due or closed in the period at its end, both at the end",
			Undefined: "what is due in the period at its end is worth nothing",
			Source:    "Saber", From: "Changes.PullInRateValue",
			Others: []ID{PullInRate},
		},
		{
			ID: PushCount, Name: "Push count", Unit: UnitIndex, Better: Lower, Additivity: Proportional,
			Formula:   "Σ moves of due dates to a later period ÷ deals whose due dates are known",
			Undefined: "no deal came with its due dates; a move counts once, however far, and moves to earlier periods do not count",
			Source:    "DealCoach, Salesforce", From: "Changes.PushCount",
			Others: []ID{PushRate},
		},
		{
			ID: PipelineCreation, Name: "Pipeline creation", Unit: UnitMoney, Better: Higher, Additivity: Additive,
			Formula:   "Σ amount of deals created in the period, at its end",
			Undefined: "never; 0 if none was created",
			Source:    "Weflow, Reevo: the new or created part of the pipeline waterfall", From: "Changes.PipelineCreation",
			Others: []ID{PipelineCreationInitial, PipelineCreated},
		},
		{
			ID: PipelineCreationCount, Name: "Deals created (snapshots)", Unit: UnitCount, Better: Higher, Additivity: Additive,
			Formula:   "deals created in the period",
			Undefined: "never; 0 if none was created",
			Source:    "Weflow, Reevo: the new or created part of the pipeline waterfall", From: "Changes.PipelineCreationCount",
			Others: []ID{DealsCreated},
		},
		{
			ID: PipelineCreationInitial, Name: "Pipeline creation (initial value)", Unit: UnitMoney, Better: Higher, Additivity: Additive,
			Formula:   "Σ amount of deals created in the period, at their creation",
			Undefined: "the amount at creation is not known for any deal created; some without one are left out, and a note says how many",
			Source:    "salesops: the reading that later changes of amounts do not touch", From: "Changes.PipelineCreationInitial",
			Others: []ID{PipelineCreation},
		},
		{
			ID: PipelineEfficiency, Name: "Pipeline efficiency", Unit: UnitShare, Better: Higher, Additivity: Proportional,
			Formula:   "Σ won ÷ Σ (due at the start + created + reopened + pulled in + carried in)",
			Undefined: "no pipeline was handled, or it is worth nothing; what was due counts at the start, all else at the end",
			Source:    "salesops: there is no standard; the parts are those of the waterfall", From: "Changes.PipelineEfficiency",
		},
	}
}
