namespace Chartroom.Platform.Audit;

/// <summary>Why data was touched; the words of 45 CFR 164.501 and 164.528.</summary>
public enum Purpose
{
    /// <summary>Care of the patient.</summary>
    Treatment,
    /// <summary>Claims, invoices, receipts.</summary>
    Payment,
    /// <summary>Running the clinic: scheduling, import, export, quality.</summary>
    Operations,
    /// <summary>The patient asked.</summary>
    PatientRequest,
    /// <summary>Break-glass.</summary>
    Emergency,
}

/// <summary>What an audit event will say. Holds ids only, never a value.</summary>
/// <param name="Action"><c>noun.verb</c> in lower case, e.g. <c>appointment.booked</c>; the same word the route declares.</param>
/// <param name="Resource">Kind of the thing: <c>patient</c>, <c>appointment</c>, <c>entry</c>.</param>
/// <param name="ResourceId">The thing, or null for a list.</param>
/// <param name="Purpose">Why.</param>
public sealed record Access(string Action, string Resource, Guid? ResourceId = null, Purpose Purpose = Purpose.Treatment);
