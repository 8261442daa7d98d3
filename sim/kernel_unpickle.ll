; What machine code calls for an object that stands in it: kernel_ready.py says why, and puts the addresses of a
; dictionary, KNOWN, and of pickle.loads, LOADS, in their places. Addresses are whole numbers throughout.

declare i64 @PyLong_FromVoidPtr(i64)
declare i64 @PyDict_GetItem(i64, i64)
declare i32 @PyDict_SetItem(i64, i64, i64)
declare i64 @PyBytes_FromStringAndSize(i64, i64)
declare i64 @PyObject_CallFunctionObjArgs(i64, ...)
declare void @Py_IncRef(i64)
declare void @Py_DecRef(i64)

define i64 @sim_unpickle(i64 %place, i32 %size, i64 %hash) {
  %key = call i64 @PyLong_FromVoidPtr(i64 %place)
  %known = call i64 @PyDict_GetItem(i64 KNOWN, i64 %key)
  %is_new = icmp eq i64 %known, 0
  br i1 %is_new, label %new, label %old
old:
  call void @Py_IncRef(i64 %known)
  call void @Py_DecRef(i64 %key)
  ret i64 %known
new:
  %length = sext i32 %size to i64
  %packed = call i64 @PyBytes_FromStringAndSize(i64 %place, i64 %length)
  %object = call i64 (i64, ...) @PyObject_CallFunctionObjArgs(i64 LOADS, i64 %packed, i64 0)
  call void @Py_DecRef(i64 %packed)
  %failed = icmp eq i64 %object, 0
  br i1 %failed, label %end, label %keep
keep:
  %kept = call i32 @PyDict_SetItem(i64 KNOWN, i64 %key, i64 %object)
  br label %end
end:
  call void @Py_DecRef(i64 %key)
  ret i64 %object
}
