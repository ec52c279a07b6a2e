namespace Chartroom.Shell;

/// <summary>What a capability says on whichever page follows an act of its own, such as a form that was opened beside the day. Registered as a service.</summary>
/// <param name="Component">A Razor component without parameters; it reads the address, which holds words of ours and ids, and shows nothing when it is not meant.</param>
public sealed record PageToast(Type Component);
