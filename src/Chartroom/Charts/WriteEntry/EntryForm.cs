using System.Globalization;
using Chartroom.Codes;

namespace Chartroom.Charts;

/// <summary>What a person writes at a form, and what it makes of an entry. Whatever the form does not show stays as it was.</summary>
internal abstract record EntryForm
{
    private EntryForm() { }

    /// <summary>The entries it makes: one, or one for each vital sign that was filled in.</summary>
    /// <param name="before">The entry being amended; null for a new one.</param>
    /// <param name="zone">The clinic's zone.</param>
    public abstract Outcome<IReadOnlyList<Entry>> Write(Entry? before, string zone);

    /// <summary>Why it is right in spite of a warning; null for what is never warned of.</summary>
    public virtual string? WhyDespite => null;

    /// <summary>The diagnosis code that was chosen, with its title; null for none, or for one that the loaded edition does not have.</summary>
    public DiagnosisCode? Diagnosis { get; init; }

    /// <summary>A problem of the list.</summary>
    /// <param name="Code">Of ICD-10-CM; null for none.</param>
    /// <param name="IsMistake">Entered in error: kept, shown no more.</param>
    public sealed record Problem(string Words, string? Code, ProblemStatus Status, string? Onset, string? Abated, string? Comment, bool IsMistake) : EntryForm
    {
        public override Outcome<IReadOnlyList<Entry>> Write(Entry? before, string zone)
        {
            var was = before as Entry.Problem ?? new() { Code = Named(null, Words), Verification = Verification.Confirmed };
            var (onset, abated) = (Time(Onset, was.Onset, "onset"), Time(Abated, was.Abated, "abated"));
            if (!onset.IsOk) return onset.Refusal;
            if (!abated.IsOk) return abated.Refusal;
            var stored = ProblemCode.CodingOf(was.Code);
            var isSame = stored is not null && stored.Code == Code;   // it stays, whatever edition is loaded
            if (!isSame && Code is not null && Diagnosis is null) return Refusals.NoSuchCode.On("words", "Choose a code of the list, or none.");
            return One(was with
            {
                Code = isSame ? ProblemCode.Keeping(Named(was.Code, Words), stored!) : ProblemCode.With(Named(was.Code, Words), Diagnosis),
                Status = Status,
                Onset = onset.Value.Time,
                Abated = abated.Value.Time,
                Comments = Said(Comment),
                Verification = IsMistake ? Verification.EnteredInError : was.Verification,
            });
        }
    }

    public sealed record Allergy(string Words, string? Reaction, Criticality? Criticality, AllergyStatus Status, string? Comment, string? Despite, bool IsMistake) : EntryForm
    {
        public override string? WhyDespite => Despite;

        public override Outcome<IReadOnlyList<Entry>> Write(Entry? before, string zone)
        {
            var was = before as Entry.Allergy ?? new() { Code = Named(null, Words), Verification = Verification.Confirmed };
            var isSame = Reaction == ReactionsOf(was);
            return One(was with
            {
                Code = Named(was.Code, Words),
                Reactions = isSame ? was.Reactions : Reaction is null ? [] : [new Reaction { Manifestations = [new Concept { Text = Reaction }] }],
                Criticality = Criticality,
                Status = Status,
                Comments = Said(Comment),
                Verification = IsMistake ? Verification.EnteredInError : was.Verification,
            });
        }

        public static string? ReactionsOf(Entry.Allergy allergy) =>
            string.Join(", ", allergy.Reactions.SelectMany(reaction => reaction.Manifestations).Select(sign => sign.Text)) is { Length: > 0 } signs ? signs : null;
    }

    public sealed record Medication(string Words, string? Sig, MedicationStatus Status, string? Start, string? End, string? Comment, string? Despite, bool IsMistake) : EntryForm
    {
        public override string? WhyDespite => Despite;

        public override Outcome<IReadOnlyList<Entry>> Write(Entry? before, string zone)
        {
            var was = before as Entry.Medication ?? new() { Code = Named(null, Words), Status = Status, IsReported = true };
            var (start, end) = (Time(Start, was.At, "start"), Time(End, was.End, "end"));
            if (!start.IsOk) return start.Refusal;
            if (!end.IsOk) return end.Refusal;
            return One(was with
            {
                Code = Named(was.Code, Words),
                Dosages = Sig == SigOf(was) ? was.Dosages : Sig is null ? [] : [new Dosage { Text = Sig }],
                Status = IsMistake ? MedicationStatus.EnteredInError : Status,
                Start = start.Value.Time == was.At ? was.Start : start.Value.Time,
                End = end.Value.Time,
                Comments = Said(Comment),
            });
        }

        public static string? SigOf(Entry.Medication drug) =>
            string.Join("; ", drug.Dosages.Select(ChartWords.Sig).Where(sig => sig.Length > 0)) is { Length: > 0 } sigs ? sigs : null;
    }

    /// <summary>Vital signs taken together, in the chart's units; temperature, height and weight also in a unit that is named (see <see cref="VitalFigure"/>).</summary>
    /// <param name="At">Wall clock at the clinic.</param>
    public sealed record Vital(
        DateOnly Day, TimeOnly At, decimal? Systolic, decimal? Diastolic, decimal? HeartRate, decimal? RespiratoryRate, string? Temperature,
        decimal? OxygenSaturation, string? Height, string? Weight, decimal? Pain, decimal? HeadCircumference, string? Comment, bool IsMistake) : EntryForm
    {
        public override Outcome<IReadOnlyList<Entry>> Write(Entry? before, string zone)
        {
            if (before is Entry.Vital mistaken && IsMistake) return One(mistaken with { Status = ObservationStatus.EnteredInError });
            if (ClinicTime.Resolve(Day, At, zone) is not { } taken)
                return Refusals.Invalid.On("at", "The clocks change that night and this time is skipped or comes twice. Write one beside it.");
            if (Systolic is null != Diastolic is null) return Refusals.Invalid.On(Systolic is null ? "systolic" : "diastolic", "A blood pressure has both figures.");
            var figures = Figures();
            if (!figures.IsOk) return figures.Refusal;
            var time = PartialTime.Of(taken);
            List<Entry> made = [.. figures.Value.Select(figure => Single(Measure(figure.Sign, figure.Amount), time))];
            if (Systolic is { } upper && Diastolic is { } lower) made.Insert(0, Pressure(upper, lower, time));
            if (made.Count == 0) return Refusals.Invalid.On("systolic", "Fill in at least one.");
            if (before is not Entry.Vital was) return made;
            return made is [Entry.Vital now] && Vitals.Recognise(now.What.Code) == Vitals.Recognise(was.What.Code)
                ? One(was with { Status = ObservationStatus.Corrected, What = was.What with { Value = now.What.Value }, Parts = now.Parts, Taken = time, Comments = Said(Comment) })
                : Refusals.Invalid.On("comment", "An entry keeps its sign. Add the other one as new.");
        }

        /// <summary>Everything but the blood pressure, as far as it was filled in.</summary>
        private Outcome<List<(VitalSign Sign, Quantity Amount)>> Figures()
        {
            (VitalSign Sign, decimal? Value)[] plain =
            [
                (VitalSign.HeartRate, HeartRate), (VitalSign.RespiratoryRate, RespiratoryRate), (VitalSign.OxygenSaturation, OxygenSaturation), (VitalSign.Pain, Pain),
                (VitalSign.HeadCircumference, HeadCircumference),
            ];
            List<(VitalSign, Quantity)> figures = [.. plain.Where(sign => sign.Value is not null).Select(sign => (sign.Sign, InChartsUnit(sign.Sign, sign.Value!.Value)))];   // filtered to those filled in
            foreach (var (sign, typed) in new[] { (VitalSign.Temperature, Temperature), (VitalSign.Height, Height), (VitalSign.Weight, Weight) })
            {
                if (typed is null) continue;
                if (VitalFigure.Read(sign, typed) is not { } amount) return Refusals.Invalid.On(EntryRules.FieldOf(sign), "Write a figure, with its unit where it is not the one above.");
                figures.Add((sign, amount));
            }
            return figures;
        }

        private static Quantity InChartsUnit(VitalSign sign, decimal value)
        {
            var scale = Vitals.ScaleOf(sign);
            return new(value, scale.Unit, scale.ShownUnit == scale.Unit ? null : scale.ShownUnit);
        }

        private Entry.Vital Single(Measurement what, PartialTime time) =>
            new() { Status = ObservationStatus.Final, What = what, Taken = time, Comments = Said(Comment) };

        private Entry.Vital Pressure(decimal upper, decimal lower, PartialTime time) =>
            Single(new Measurement { Code = new Concept { Text = "Blood pressure", Codings = [new(Vitals.Loinc, "85354-9", "Blood pressure")] } }, time) with
            {
                Parts = [Measure(VitalSign.Systolic, InChartsUnit(VitalSign.Systolic, upper)), Measure(VitalSign.Diastolic, InChartsUnit(VitalSign.Diastolic, lower))],
            };

        private static Measurement Measure(VitalSign sign, Quantity amount)
        {
            var scale = Vitals.ScaleOf(sign);
            return new Measurement
            {
                Code = new Concept { Text = scale.Name, Codings = [new(Vitals.Loinc, scale.Loinc, scale.Name)] },
                Value = new Reading { Amount = amount },
            };
        }
    }

    /// <summary>A result of a laboratory or of imaging, as a letter or a phone call says it.</summary>
    /// <param name="Value">A figure, a bound (<c>&lt;0.1</c>) or words (<c>positive</c>).</param>
    /// <param name="Flag">The writer's own, where no range of figures says it: Normal, Low, High, Abnormal.</param>
    /// <param name="At">Wall clock at the clinic; null when only the day is known.</param>
    /// <param name="Order">The open order it answers.</param>
    /// <param name="IsSeen">The provider who writes it has seen it by that.</param>
    public sealed record Result(
        string Words, string? Loinc, string? Value, string? Unit, decimal? Low, decimal? High, string? Flag, DateOnly Day, TimeOnly? At, string? Specimen, string? Lab,
        Orders.OrderId? Order, string? Comment, bool IsSeen, bool IsMistake) : EntryForm
    {
        private const string Category = "http://terminology.hl7.org/CodeSystem/observation-category";

        public override Outcome<IReadOnlyList<Entry>> Write(Entry? before, string zone)
        {
            if (before is Entry.Result mistaken && IsMistake) return One(mistaken with { Status = ObservationStatus.EnteredInError });
            var was = before as Entry.Result ?? new() { Status = ObservationStatus.Final, What = new() { Code = Named(null, Words) }, Categories = [new() { Text = "Laboratory", Codings = [new(Category, "laboratory", "Laboratory")] }] };
            var taken = Time(was.Taken, zone);
            if (!taken.IsOk) return taken.Refusal;
            return One(was with
            {
                Status = before is null ? was.Status : ObservationStatus.Corrected,
                What = was.What with
                {
                    Code = Coded(was.What.Code),
                    Value = ValueOf(was.What) == Value && UnitOf(was.What) == Unit ? was.What.Value : Value is null ? null : ResultFigure.Read(Value, Unit),
                    Ranges = RangeOf(was.What) == (Low, High) ? was.What.Ranges : Low is null && High is null ? [] : [new ReferenceRange(Low, High, null)],
                    Interpretations = Flag == FlagOf(was.What) ? was.What.Interpretations : Flag switch { "Low" => [ResultFlags.Low], "High" => [ResultFlags.High], "Normal" => [ResultFlags.Normal], "Abnormal" => [ResultFlags.Abnormal], _ => [] },
                },
                Taken = taken.Value.Time,
                Specimen = Specimen,
                By = Lab is null ? [] : Lab == LabOf(was) ? was.By : [Lab],
                Comments = Said(Comment),
            });
        }

        private Outcome<Typed> Time(PartialTime? was, string zone)
        {
            if (was is not null && Shown(was) == Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) && At == ClockOf(was, zone)) return new Typed(was);
            if (At is not { } clock) return new Typed(PartialTime.Of(Day));
            return ClinicTime.Resolve(Day, clock, zone) is { } at ? new Typed(PartialTime.Of(at)) : Refusals.Invalid.On("at", "The clocks change that night and this time is skipped or comes twice. Write one beside it.");
        }

        /// <summary>Other words are another test; a code that was typed names it.</summary>
        private Concept Coded(Concept was) => Loinc == LoincOf(was) && was.Text == Words ? was : new() { Text = Words, Codings = Loinc is null ? [] : [new(Vitals.Loinc, Loinc, Words)] };

        public static string? LoincOf(Concept code) => code.Codings.FirstOrDefault(coding => coding.System == Vitals.Loinc)?.Code;
        public static string? ValueOf(Measurement what) => what.Value is { Amount: { } amount, UpTo: null } ? $"{amount.Comparator}{amount.Value.ToString(CultureInfo.InvariantCulture)}" : what.Value is null ? null : ChartWords.Reading(what.Value);
        public static string? UnitOf(Measurement what) => what.Value?.Amount is { } amount ? amount.Shown ?? amount.Unit : null;
        public static (decimal? Low, decimal? High) RangeOf(Measurement what) => what.Ranges is [var range, ..] ? (range.Low, range.High) : (null, null);
        public static string? FlagOf(Measurement what) => what.Interpretations is [var flag, ..] ? flag.Text : null;
        public static string? LabOf(Entry.Result result) => result.By.Count > 0 ? string.Join(", ", result.By) : null;
        public static TimeOnly? ClockOf(PartialTime? time, string zone)
        {
            if (time is not { Precision: TimePrecision.Instant }) return null;
            var local = ClinicTime.Local(time.Earliest, zone);
            return new(local.Hour, local.Minute);
        }
    }

    /// <summary>Codes belong to the words they came with; other words are another thing.</summary>
    private static Concept Named(Concept? was, string words) => was is not null && was.Text == words ? was : new Concept { Text = words };

    private static IReadOnlyList<string> Said(string? comment) => comment is null ? [] : [comment];

    private static Outcome<IReadOnlyList<Entry>> One(Entry entry) => new Entry[] { entry };

    /// <summary>A time typed as a year, month or day. The stored one is kept, with its hour, when its day was left as it stood.</summary>
    internal static Outcome<Typed> Time(string? typed, PartialTime? was, string field)
    {
        if (typed is null) return new Typed(null);
        if (typed == Shown(was)) return new Typed(was);
        if (DateOnly.TryParseExact(typed, "M/d/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return new Typed(PartialTime.Of(day));
        return PartialTime.TryParse(typed, out var time)
            ? new Typed(time)
            : Refusals.Invalid.On(field, "There is no such day. Write a year, a month or a day: 2019, 2019-03, 3/7/2019.");
    }

    /// <summary>How a time stands in its field.</summary>
    public static string? Shown(PartialTime? time) => time?.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? time?.Text;

    internal readonly record struct Typed(PartialTime? Time);
}
