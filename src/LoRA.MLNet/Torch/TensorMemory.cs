using System.Runtime.InteropServices;
using TorchSharp;

namespace LoRA.MLNet.Torch;

/// <summary>
/// Keeps the memory of large tensors from one step to the next, in a stretch of its own. libtorch asks glibc for each tensor, and glibc either keeps
/// freed blocks beside small objects that leave holes (twice the memory), or maps and clears new pages for every tensor (up to four times the time).
/// </summary>
/// <remarks>
/// It takes libtorch's own place for CPU allocators (c10::SetCPUAllocator), found by name in the loaded library of Linux on x64, while at least one
/// run holds it. What libtorch's own allocator answers is looked at first; where it is not as expected, nothing changes.
/// </remarks>
internal sealed unsafe partial class TensorMemory : IDisposable
{
    // smaller ones are few bytes together, and go to libtorch's own allocator
    private const long LargeBlock = 1 << 16;
    private const long Page = 4096;
    private const long HugePage = 1 << 21;

    // virtual functions of c10::Allocator
    private const int AllocateSlot = 2;
    private const int RawDeleterSlot = 4;
    private const int Slots = 6;

    // PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, MADV_DONTNEED and MADV_HUGEPAGE of Linux on x64
    private const int ReadWrite = 3;
    private const int AddressesAlone = 0x4022;
    private const int DontNeed = 4;
    private const int InHugePages = 14;

    private static readonly Lock s_gate = new();
    private static readonly Lazy<bool> s_isUseful = new(Prepare);
    private static BlockMap s_blocks = new(0);
    private static byte* s_memory;
    private static long s_size;
    private static nint** s_own;
    private static nint** s_ours;
    private static delegate* unmanaged<nint**, byte, void> s_set;
    private static delegate* unmanaged<nint, void> s_ownDelete;
    private static int s_holders;
    private bool _disposed;

    private TensorMemory()
    {
    }

    /// <summary>Whether this system lets tensors' memory be kept.</summary>
    public static bool IsUseful => s_isUseful.Value;

    /// <summary>Keeps it until disposed; null where that is not possible.</summary>
    public static TensorMemory? Hold()
    {
        if (!IsUseful)
        {
            return null;
        }

        lock (s_gate)
        {
            if (s_holders++ == 0)
            {
                s_set(s_ours, 0);
            }
        }

        return new TensorMemory();
    }

    /// <summary>Gives what is free back to the system. Tensors that are left stay valid.</summary>
    public void Dispose()
    {
        lock (s_gate)
        {
            if (!_disposed && --s_holders == 0)
            {
                s_set(s_own, 0);
                foreach (var (start, size) in s_blocks.Free)
                {
                    _ = Advise(s_memory + start, (nuint)size, DontNeed);
                }
            }

            _disposed = true;
        }
    }

    private static bool Prepare()
    {
        TorchRuntime.EnsureLoaded();
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64
            || typeof(torch).Assembly.GetName().Version is not { Major: 0, Minor: 107 } // the slots below were looked up for its libtorch
            || !NativeLibrary.TryLoad("libc10.so", typeof(torch).Assembly, null, out var library)
            || !NativeLibrary.TryGetExport(library, "_ZN3c1015GetCPUAllocatorEv", out var get)
            || !NativeLibrary.TryGetExport(library, "_ZN3c1015SetCPUAllocatorEPNS_9AllocatorEh", out var set)
            || !NativeLibrary.TryGetExport(library, "_ZTVN3c1019DefaultCPUAllocatorE", out var table))
        {
            return false;
        }

        s_own = ((delegate* unmanaged<nint**>)get)();
        s_set = (delegate* unmanaged<nint**, byte, void>)set;
        return *s_own == (nint*)table + 2 && AnswersAsExpected() && Reserve() && MakeOurs();
    }

    // a block's address twice, what frees it, and the device
    private static bool AnswersAsExpected()
    {
        DataPointer answer;
        OwnAllocate(&answer, s_own, (nuint)LargeBlock);
        if (answer.Data == 0 || answer.Data != answer.Context || answer.Device != DataPointer.Cpu || answer.Delete != OwnDelete())
        {
            return false;
        }

        s_ownDelete = (delegate* unmanaged<nint, void>)answer.Delete;
        s_ownDelete(answer.Context);
        return true;
    }

    // addresses alone: memory comes with the first use of a page, and in huge pages, as each costs as much as a small one
    private static bool Reserve()
    {
        s_size = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / HugePage * HugePage;
        var start = Map(null, (nuint)(s_size + HugePage), ReadWrite, AddressesAlone, -1, 0);
        if (start == -1)
        {
            return false;
        }

        s_memory = (byte*)((start + HugePage - 1) / HugePage * HugePage);
        s_blocks = new BlockMap(s_size);
        _ = Advise(s_memory, (nuint)s_size, InHugePages);
        return true;
    }

    // libtorch's allocator with another allocate() and raw_deleter(); tensors may point to it as long as the process lives
    private static bool MakeOurs()
    {
        var table = (nint*)NativeMemory.Alloc((nuint)Slots, (nuint)sizeof(nint));
        new ReadOnlySpan<nint>(*s_own, Slots).CopyTo(new Span<nint>(table, Slots));
        table[AllocateSlot] = (nint)(delegate* unmanaged<DataPointer*, nint**, nuint, DataPointer*>)&Allocate;
        table[RawDeleterSlot] = (nint)(delegate* unmanaged<nint**, nint>)&Deleter;
        s_ours = (nint**)NativeMemory.Alloc((nuint)sizeof(nint));
        *s_ours = table;
        return true;
    }

    private static DataPointer* OwnAllocate(DataPointer* result, nint** allocator, nuint bytes) =>
        ((delegate* unmanaged<DataPointer*, nint**, nuint, DataPointer*>)(*s_own)[AllocateSlot])(result, allocator, bytes);

    private static nint OwnDelete() => ((delegate* unmanaged<nint**, nint>)(*s_own)[RawDeleterSlot])(s_own);

    [UnmanagedCallersOnly]
    private static DataPointer* Allocate(DataPointer* result, nint** allocator, nuint bytes)
    {
        if (bytes >= (nuint)LargeBlock && bytes <= (nuint)s_size)
        {
            lock (s_gate)
            {
                if (s_blocks.TryTake(((long)bytes + Page - 1) / Page * Page, out var start))
                {
                    var address = (nint)(s_memory + start);
                    *result = new(address, (nint)(delegate* unmanaged<nint, void>)&Delete, address, DataPointer.Cpu);
                    return result;
                }
            }
        }

        return OwnAllocate(result, s_own, bytes);
    }

    [UnmanagedCallersOnly]
    private static void Delete(nint address)
    {
        var start = address - (nint)s_memory;
        if (start < 0 || start >= s_size)
        {
            s_ownDelete(address);
            return;
        }

        lock (s_gate)
        {
            s_blocks.Return(start);
        }
    }

    [UnmanagedCallersOnly]
    private static nint Deleter(nint** allocator) => (nint)(delegate* unmanaged<nint, void>)&Delete;

    [LibraryImport("libc", EntryPoint = "mmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* start, nuint length, int advice);

    // c10::DataPtr
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct DataPointer(nint data, nint delete, nint context, ushort device)
    {
        // device type 0, and no index
        public const ushort Cpu = 0xFF00;

        public readonly nint Data = data;
        public readonly nint Delete = delete;
        public readonly nint Context = context;
        public readonly ushort Device = device;
    }
}
