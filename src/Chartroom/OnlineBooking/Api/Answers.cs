using Chartroom.Scheduling;

namespace Chartroom.OnlineBooking;

// What the public API asks and answers: slim, without anything of a patient.

/// <summary>A booking, by the token that holding its time answered.</summary>
public sealed record OfHold(string Token);

/// <summary>Who comes.</summary>
public sealed record DetailsOfHold(string Token, GiveDetails Details);

/// <summary>The six digits of the e-mail.</summary>
public sealed record CodeOfHold(string Token, string Code);

/// <summary>A visit, by the token of its link (what stands behind <c>/visit/</c>) and the pass that the birth date gave.</summary>
public sealed record OfVisit(string Token, string Pass);

/// <summary>Calls the visit off.</summary>
/// <param name="Reason">Code of one of the <c>reasons</c> that the visit was answered with; null: not told.</param>
public sealed record CancelOfVisit(string Token, string Pass, string? Reason = null);

/// <summary>The second fact that a link asks for.</summary>
/// <param name="BirthDate">Day of birth, <c>1980-03-04</c>.</param>
public sealed record BirthDateOfVisit(string Token, string BirthDate);

/// <summary>Asks for a week of free times.</summary>
/// <param name="From">First day; null: today.</param>
public sealed record TimesOfVisit(string Token, string Pass, DateOnly? From = null);

/// <summary>Gives the visit another time.</summary>
/// <param name="Time">One of the starts that <c>times</c> answered.</param>
public sealed record MoveOfVisit(string Token, string Pass, string Time);

/// <summary>Proof of the birth date.</summary>
public sealed record VisitPass(string Pass);

/// <summary>Something that can be booked.</summary>
/// <param name="PatientKind">For whom: <c>new</c> or <c>existing</c>.</param>
/// <param name="Mode"><c>book</c>, or <c>request</c>: the clinic answers by e-mail.</param>
public sealed record OnlineOfferLine(VisitTypeId Type, string TypeName, int Minutes, StaffId With, string WithName, string PatientKind, string Mode);

/// <summary>A place of the clinic.</summary>
public sealed record OnlinePlaceLine(LocationId Id, string Name, string Address, string? Phone, string TimeZone);

/// <summary>What can be booked, what of it was asked for, and when it is free. Instants carry the offset of the place's clocks.</summary>
/// <param name="Words">What the clinic says to whoever books.</param>
/// <param name="FirstFree">The next day with a free time, when these have none.</param>
public sealed record OnlineTimes(string Clinic, string? Phone, string Words, IReadOnlyList<OnlineOfferLine> Offers, IReadOnlyList<OnlinePlaceLine> Places,
    PatientKind? Kind, VisitTypeId? Type, StaffId? With, LocationId? At, DateOnly? From, DateOnly? To, DateOnly? Horizon, IReadOnlyList<DateTimeOffset> Times, DateOnly? FirstFree)
{
    internal static OnlineTimes Of(TimesView view) => new(view.Clinic.Name, view.Clinic.Phone, view.Offers.Rules.BookingWords,
        [.. view.Offers.All.Select(offer => new OnlineOfferLine(offer.VisitTypeId, offer.VisitType, offer.Minutes, offer.ProviderId, offer.ProviderName, offer.PatientKind, offer.Mode))],
        [.. view.Offers.Places.Select(place => new OnlinePlaceLine(place.Id, place.Name, place.Address, place.Phone, place.TimeZone))],
        view.Chosen?.Kind, view.Chosen?.Type, view.Chosen?.With, view.Place?.Id, view.Place is null ? null : view.From, view.Place is null ? null : view.To,
        view.Place is null ? null : view.Horizon, [.. view.Times.Select(time => When.AtPlace(time.StartsAt, time.Local))], view.FirstFree);
}

/// <summary>How far a booking has come.</summary>
/// <param name="State"><c>held</c>, <c>asked</c> (a code is on its way), <c>done</c> or <c>ended</c>.</param>
/// <param name="IsRequest">True: the clinic has to accept it.</param>
/// <param name="SecondsLeft">Until the time is free again.</param>
public sealed record OnlineHold(BookingStage State, bool IsRequest, int SecondsLeft, string TypeName, string WithName, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string TimeZone, string Place, string? Address)
{
    internal static OnlineHold Of(BookingView view) => new(view.Stage, view.Booking.IsRequest, view.Stage is BookingStage.Held or BookingStage.Asked ? view.SecondsLeft : 0,
        view.Booking.VisitType, view.Booking.ProviderName, When.AtPlace(view.Booking.StartsAt, view.Booking.LocalStart),
        When.AtPlace(view.Booking.EndsAt, ClinicTime.Local(view.Booking.EndsAt, view.Booking.TimeZone)), view.Booking.TimeZone, view.Booking.Place, view.Booking.Address);
}

/// <summary>Why a visit may be called off.</summary>
public sealed record OnlineReason(string Code, string Name);

/// <summary>A patient's own visit.</summary>
/// <param name="Status"><c>requested</c>, <c>booked</c>, <c>confirmed</c>, <c>cancelled</c> and what comes after.</param>
/// <param name="MayChange">Whether it can be moved and cancelled here.</param>
/// <param name="ChangeableUntil">Until when; a request until it would begin.</param>
/// <param name="UndoUntil">Until when a cancellation can be taken back; null when there is none.</param>
/// <param name="Reasons">What the clinic offers as reasons; none has to be told.</param>
public sealed record OnlineVisit(string Status, string TypeName, string WithName, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string TimeZone, string Place, string? Address, string? Phone,
    bool MayChange, DateTimeOffset ChangeableUntil, DateTimeOffset? UndoUntil, IReadOnlyList<OnlineReason> Reasons)
{
    internal static OnlineVisit Of(ManagedVisit managed)
    {
        var visit = managed.Shown!;   // asked for once the birth date was given
        DateTimeOffset There(DateTimeOffset instant) => When.AtPlace(instant, ClinicTime.Local(instant, visit.TimeZone));
        return new(visit.StatusName, visit.VisitType, visit.ProviderName, There(visit.StartsAt), There(visit.EndsAt), visit.TimeZone, visit.Place, visit.Address, managed.Phone,
            visit.MayChange(managed.Now), There(visit.IsRequest ? visit.StartsAt : visit.ChangeableUntil), managed.UndoUntil is { } until ? There(until) : null, [.. managed.CancelChoices.Select(reason => new OnlineReason(reason.Code, reason.Name))]);
    }
}

/// <summary>Free times for a move.</summary>
public sealed record OnlineMoveTimes(DateOnly From, DateOnly Horizon, IReadOnlyList<DateTimeOffset> Times)
{
    internal static OnlineMoveTimes Of(MoveChoices choices) => new(choices.From, choices.Horizon, [.. choices.Times.Select(time => When.AtPlace(time.StartsAt, time.Local))]);
}
